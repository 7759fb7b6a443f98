// Finds what a finding speaks of on the page that is shown, makes it visible where it is hidden, and brings it into view.
// Returns { sight, concealment, box, source }. Runs in a world of its own: the page's scripts see nothing of it.
(hint) => {
  const NODES = 100000;
  const DEPTH = 1000;
  // Elements named like a method hide it, so everything is asked of the prototype.
  const ask = (method, ...args) => Document.prototype[method].call(document, ...args);
  const part = (name) => Object.getOwnPropertyDescriptor(Document.prototype, name).get.call(document);
  const parent = (node) => Object.getOwnPropertyDescriptor(Node.prototype, 'parentElement').get.call(node);
  const attribute = (element, name) => Element.prototype.getAttribute.call(element, name);
  const [root, head, body] = ['documentElement', 'head', 'body'].map(part);
  const fold = (text) => (text || '').replace(/\s+/gu, '');
  const words = fold(hint.words);
  const bare = (address) => address.replace(/#.*$/u, '').replace(/\/$/u, '');
  const target = hint.target && bare(hint.target);

  const leads = (element) => ['href', 'src', 'action', 'data', 'formaction'].some((name) => {
    const value = attribute(element, name);
    if (value === null) return false;
    try {
      return bare(new URL(value, document.baseURI).href) === target;
    } catch {
      return false;
    }
  });
  const says = (element) => fold(element.textContent).includes(words)
    || ['title', 'alt', 'content', 'placeholder', 'value', 'aria-label'].some(
      (name) => fold(attribute(element, name)).includes(words));
  const fits = (element) => (!target || leads(element)) && (!words || says(element));

  const bySelector = () => {
    try {
      return hint.selector && ask('querySelector', hint.selector);
    } catch {
      return null;
    }
  };
  const byTarget = () => {
    if (!target) return null;
    const all = [...ask('querySelectorAll', '[href], [src], [action], [data], [formaction]')];
    const led = all.slice(0, NODES).filter(leads);
    return led.find(fits) || led[0] || null;
  };
  const byAttribute = () => {
    if (!words) return null;
    const all = ask('querySelectorAll', '[title], [alt], [content], [placeholder], [value], [aria-label]');
    return [...all].slice(0, NODES).find((element) => element.children.length === 0 && says(element)) || null;
  };
  // What a script would write, spelt out in it; scripts are not run here.
  const byScript = () => {
    const marks = [hint.target && hint.target.replace(/^https?:\/\//u, ''), hint.words].filter((mark) => mark);
    return [...part('scripts')].slice(0, NODES).find(
      (script) => marks.some((mark) => script.textContent.includes(mark)),
    ) || null;
  };
  // The exact words, over the borders of elements; `null` where they stand nowhere there.
  const range = (below) => {
    if (!words || !below) return null;
    const walker = ask('createTreeWalker', below, NodeFilter.SHOW_TEXT);
    const places = [];
    let text = '';
    for (let count = 0; count < NODES && walker.nextNode(); count += 1) {
      const node = walker.currentNode;
      if (['SCRIPT', 'STYLE'].includes(node.parentNode.nodeName)) continue;
      for (let at = 0; at < node.data.length; at += 1) {
        if (/\s/u.test(node.data[at])) continue;
        text += node.data[at];
        places.push([node, at]);
      }
    }
    const start = text.indexOf(words);
    if (start < 0) return null;
    const found = ask('createRange');
    found.setStart(...places[start]);
    const [last, at] = places[start + words.length - 1];
    found.setEnd(last, at + 1);
    return found;
  };

  const chosen = bySelector();
  const sure = chosen && fits(chosen) ? chosen : null;
  const spot = target ? null : range(sure || body) || range(body);
  const element = sure || byTarget() || (spot && spot.startContainer.parentElement) || byAttribute() || chosen;
  const script = element ? element.closest('script') : byScript();
  if (script) {
    return { sight: 'hidden', concealment: 'script', box: null, source: script.outerHTML.slice(0, 400) };
  }
  if (!element) return { sight: 'absent' };

  const subject = spot && element.contains(spot.startContainer) ? spot : element;
  const ancestors = [];
  for (let one = element; one && one !== root && ancestors.length < DEPTH; one = parent(one)) ancestors.push(one);
  const box = () => subject.getBoundingClientRect();
  const isThere = (rect) => rect.width > 1 && rect.height > 1;
  const alpha = (colour) => {
    const figures = colour.match(/[\d.]+/gu) || [];
    return figures.length > 3 ? Number(figures[3]) : 1;
  };
  const ground = () => {
    const painted = ancestors.map((one) => getComputedStyle(one).backgroundColor).find((one) => alpha(one) > 0.5);
    return painted || 'rgb(255, 255, 255)';
  };
  const pictured = element.querySelector('img, svg, video') || /^(IMG|IFRAME|SVG|INPUT)$/iu.test(element.nodeName);

  // Why nobody sees it; `null`: they do.
  const concealment = () => {
    if (head && head.contains(element)) return 'head';
    const styles = ancestors.map((one) => getComputedStyle(one));
    if (styles.some((style) => style.display === 'none')) return 'display';
    if (styles[0].visibility !== 'visible') return 'visibility';
    if (styles.some((style) => Number(style.opacity) < 0.1)) return 'opacity';
    const rect = box();
    if (!isThere(rect) || parseFloat(styles[0].fontSize) < 2) return 'size';
    const [left, top] = [rect.left + scrollX, rect.top + scrollY];
    if (left + rect.width <= 0 || top + rect.height <= 0 || left >= root.scrollWidth) return 'outside';
    const cut = ancestors.slice(1).some((one, index) => {
      if (styles[index + 1].overflow === 'visible') return false;
      const frame = one.getBoundingClientRect();
      return frame.width < 5 || frame.height < 5
        || rect.bottom <= frame.top || rect.right <= frame.left || rect.left >= frame.right;
    });
    const clipped = styles.some((style) => /inset\((?:[5-9]\d|100)%/u.test(style.clipPath)
      || /rect\(0px,? 0px,? 0px,? 0px\)|rect\(1px,? 1px,? 1px,? 1px\)/u.test(style.clip));
    if (cut || clipped) return 'clipped';
    const isUnseen = alpha(styles[0].color) < 0.1 || styles[0].color === ground();
    return isUnseen && !pictured ? 'colour' : null;
  };

  const why = concealment();
  if (why && why !== 'head') {
    const reveal = {
      visibility: 'visible', opacity: '1', position: 'static', 'text-indent': '0', clip: 'auto',
      'clip-path': 'none', overflow: 'visible', transform: 'none', filter: 'none', width: 'auto',
      height: 'auto', 'max-width': 'none', 'max-height': 'none', float: 'none', margin: '2px',
      'line-height': 'normal', 'content-visibility': 'visible',
    };
    for (const one of ancestors) {
      if (one === body) break;
      for (const [name, value] of Object.entries(reveal)) one.style.setProperty(name, value, 'important');
      if (getComputedStyle(one).display === 'none') {
        one.style.setProperty('display', one === element ? 'inline-block' : 'block', 'important');
      }
    }
    const looks = { 'font-size': '16px', color: '#b00020', 'background-color': '#fff8c5' };
    for (const [name, value] of Object.entries(looks)) element.style.setProperty(name, value, 'important');
  }
  element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  // Where even that shows nothing, the nearest thing around it that is seen.
  const near = ancestors.slice(1).map((one) => one.getBoundingClientRect());
  const rect = isThere(box()) ? box() : near.find(isThere);
  return {
    sight: why ? 'hidden' : 'shown',
    concealment: why,
    box: rect && why !== 'head' ? { left: rect.left, top: rect.top, width: rect.width, height: rect.height } : null,
    source: element.outerHTML.slice(0, 400),
  };
}
