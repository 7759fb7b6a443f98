// Small comforts; every page works without them.
'use strict';

// A form is sent once, however often its button is pressed.
document.addEventListener('submit', (event) => {
  const button = event.submitter;
  if (button) setTimeout(() => { button.disabled = true; }, 0);
});

// Large type, remembered by this browser.
const root = document.documentElement;
if (localStorage.getItem('large') === 'yes') root.classList.add('large');
