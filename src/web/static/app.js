// Small comforts; every page works without them.
'use strict';

// How pages look, remembered by this browser. It is decided before anything is drawn, so this part must not wait.
const root = document.documentElement;
const darkColours = document.getElementById('dark-colours');
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
const looks = {
  large: {
    isOn: () => localStorage.getItem('large') === 'yes',
    dress: (isOn) => root.classList.toggle('large', isOn),
  },
  // Until somebody chooses, colours follow the system.
  dark: {
    isOn: () => (localStorage.getItem('dark') || (systemIsDark.matches ? 'yes' : 'no')) === 'yes',
    dress: (isOn) => { darkColours.media = isOn ? 'all' : 'not all'; },
  },
};
for (const { isOn, dress } of Object.values(looks)) dress(isOn());

document.addEventListener('DOMContentLoaded', () => {
  for (const [name, { isOn, dress }] of Object.entries(looks)) {
    const button = document.getElementById(name);
    const show = () => {
      dress(isOn());
      if (button) button.setAttribute('aria-pressed', isOn());
    };
    systemIsDark.addEventListener('change', show);
    show();
    if (button) {
      button.hidden = false;
      button.addEventListener('click', () => {
        localStorage.setItem(name, isOn() ? 'no' : 'yes');
        show();
      });
    }
  }
  // What goes on is told as it goes on.
  for (const told of document.querySelectorAll('[data-events]')) {
    const events = new EventSource(told.dataset.events);
    events.onmessage = (event) => { told.textContent = event.data; };
  }
});

// A form is sent once, however often its button is pressed.
document.addEventListener('submit', (event) => {
  const button = event.submitter;
  if (button) setTimeout(() => { button.disabled = true; }, 0);
});
