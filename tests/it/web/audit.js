// What is wrong with a page for somebody who reads it on a phone, by keyboard, or by ear. Gives a list of complaints.
(() => {
  const wrong = [];
  const name = (element) => element.outerHTML.slice(0, 120);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const text = (element) => (element.getAttribute('aria-label') || element.textContent || '').trim();

  if (document.documentElement.lang !== 'zh-CN') wrong.push('no lang');
  if (all('h1').length !== 1) wrong.push(`${all('h1').length} h1`);
  if (!document.title) wrong.push('no title');
  if (!document.querySelector('main')) wrong.push('no main');
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    const wide = all('body *').filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1);
    wrong.push(`scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}: ${wide.slice(0, 3).map(name).join(' | ')}`);
  }
  for (const field of all('input:not([type=hidden]), select, textarea')) {
    if (!(field.labels && field.labels.length) && !field.getAttribute('aria-label')) wrong.push(`no label: ${name(field)}`);
  }
  for (const named of all('button, a[href], summary, legend')) if (!text(named)) wrong.push(`no name: ${name(named)}`);
  for (const image of all('svg')) if (!image.getAttribute('aria-label')) wrong.push(`no text: ${name(image)}`);
  for (const table of all('table')) if (!table.querySelector('th')) wrong.push(`no headers: ${name(table)}`);
  for (const header of all('th')) if (!header.scope) wrong.push(`no scope: ${name(header)}`);
  const ids = all('[id]').map((one) => one.id);
  if (new Set(ids).size !== ids.length) wrong.push('an id twice');
  for (const one of all('*')) for (const { name: word } of one.attributes) if (/^(on|style$)/.test(word)) wrong.push(`${word}: ${name(one)}`);
  for (const one of all('script')) if (!one.src) wrong.push(`inline script: ${name(one)}`);

  // Contrast of every text with what is behind it, by the formula of WCAG 2.
  const numbers = (color) => (color.match(/[\d.]+/g) || []).map(Number);
  const light = (color) => {
    const [r, g, b] = numbers(color).map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor;
      if (numbers(color)[3] !== 0) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const seen = new Set();
  for (const element of all('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    if (!own || element.disabled) continue;
    const style = getComputedStyle(element);
    const [one, other] = [light(style.color), light(behind(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const key = `${style.color} on ${behind(element)}`;
    if (contrast < least && !seen.has(key)) {
      seen.add(key);
      wrong.push(`contrast ${contrast.toFixed(2)}: ${key}: ${name(element)}`);
    }
  }
  return wrong;
})()
