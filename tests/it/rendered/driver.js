// What a browser shows of every link, told without our help: by hit tests, computed styles and colours.
const SEEN = /[^\s.、。·,，\u00ad\u200b-\u200f\u2060-\u206f\ufeff]/;
const PICTURES = 'img[src],canvas,video,iframe,embed,object,input,button,select,marquee';

function shade(color) {
  const parts = color.match(/[\d.]+/g).map(Number);
  return { rgb: parts.slice(0, 3), alpha: parts.length > 3 ? parts[3] : 1 };
}

function luminance(rgb) {
  const [r, g, b] = rgb.map(part => part / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// The colour behind an element; null where a picture may be.
function backdrop(view, element) {
  for (let at = element; at; at = at.parentElement) {
    const style = view.getComputedStyle(at);
    if (style.backgroundImage !== 'none') return null;
    const color = shade(style.backgroundColor);
    if (color.alpha === 1) return color.rgb;
  }
  return [255, 255, 255];
}

function isInked(view, element) {
  const style = view.getComputedStyle(element);
  if (parseFloat(style.fontSize) <= 1) return false;
  const color = shade(style.color);
  if (color.alpha <= 0.05) return false;
  const behind = backdrop(view, element);
  if (!behind) return true;
  const [one, two] = [luminance(color.rgb), luminance(behind)];
  return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05) >= 1.15;
}

function shines(view, element) {
  let light = 1;
  for (let at = element; at; at = at.parentElement) {
    const style = view.getComputedStyle(at);
    const filter = style.filter.match(/opacity\(([\d.]+)\)/);
    light *= parseFloat(style.opacity) * (filter ? parseFloat(filter[1]) : 1);
  }
  return light > 0.05;
}

// Whether a click at one of a few points of a box meets the link.
function isMet(link, box) {
  if (box.width <= 3 || box.height <= 3 || box.top >= 3000) return false;
  return [0.5, 0.1, 0.9].some(share => {
    const hit = link.ownerDocument.elementFromPoint(box.left + box.width * share, box.top + box.height / 2);
    return hit && (hit === link || link.contains(hit));
  });
}

function isSeen(link) {
  const document = link.ownerDocument, view = document.defaultView;
  const shown = element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && shines(view, element);
  const texts = document.createTreeWalker(link, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (!SEEN.test(node.data) || !shown(node.parentElement) || !isInked(view, node.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    if ([...range.getClientRects()].some(box => isMet(link, box))) return true;
  }
  return [...link.querySelectorAll(PICTURES)]
    .some(element => shown(element) && [...element.getClientRects()].some(box => isMet(link, box)));
}

window.addEventListener('load', () => {
  const lines = [];
  for (const frame of document.querySelectorAll('iframe')) {
    const links = frame.contentDocument.querySelectorAll('a[href]:not(svg a)');
    links.forEach((link, index) => lines.push(`${frame.name} ${index} ${isSeen(link) ? 'seen' : 'hidden'}`));
  }
  document.body.innerHTML = `<pre id="verdicts">${lines.join('\n')}</pre>`;
});
