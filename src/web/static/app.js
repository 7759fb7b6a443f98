// Small comforts; every page works without them.
'use strict';

// A form is sent once, however often its button is pressed.
document.addEventListener('submit', (event) => {
  const button = event.submitter;
  if (button) setTimeout(() => { button.disabled = true; }, 0);
});

// Large type, remembered by this browser.
const root = document.documentElement;
const isLarge = () => localStorage.getItem('large') === 'yes';
root.classList.toggle('large', isLarge());
const button = document.getElementById('large');
if (button) {
  button.hidden = false;
  button.setAttribute('aria-pressed', isLarge());
  button.addEventListener('click', () => {
    localStorage.setItem('large', isLarge() ? 'no' : 'yes');
    root.classList.toggle('large', isLarge());
    button.setAttribute('aria-pressed', isLarge());
  });
}

// What goes on is told as it goes on.
for (const told of document.querySelectorAll('[data-events]')) {
  const events = new EventSource(told.dataset.events);
  events.onmessage = (event) => { told.textContent = event.data; };
}
