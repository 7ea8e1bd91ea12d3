// The layer in the page of a web chat: says what PromptGuard did with what was just sent from this page.
//
// It stands alone: no markup is parsed, no policy for Trusted Types is needed, nothing of the page is read but where a
// password is asked for. It learns of decisions from the Server-Timing of the page's own requests, and from the end of
// WebSocket frames (see signals.py). ASCII only: the page may be in any charset.
//
// settings: {css, language, ask, path, words: {not_sent, redacted, reminder, decision, copy, copied, copy_by_hand, close}}
(function promptguardLayer(settings) {
  "use strict";
  const MARK = "promptguard";
  const DESCRIPTION = /^(blocked|redacted) (pg(?:-[0-9A-Z]{4}){4}) (\d{1,4})$/;
  const REMINDER = /^reminder (pg(?:-[0-9A-Z]{4}){4})$/;
  const FRAME_MARK = /\n\t([\t ]{91})\x1e?$/;
  const FRAME_MARK_LENGTH = 94;
  const ADDRESS = /https?:\/\/\S+\/p\/[a-z]{30}(?:#[a-z]+)?/; // of the page on this decision (review/staff_links.py)
  const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const ONE_NOTICE_MS = 30000;
  const HEARD_AFTER_MS = 150; // screen readers tell what changes in a region that they know already
  const MAX_SEEN = 500;
  const ITSELF = ["*", "'self'", "https:", location.origin];
  const MAX_ATTACHED = 50;

  if (document.currentScript) document.currentScript.remove(); // the page's own code finds the document as it was sent
  if (window.top !== window) return;

  const { words } = settings;
  const fetchNow = window.fetch;
  const seen = new Set();
  let layer = null;
  let current = null;
  let last = null;
  let attached = 0;
  let focusedBefore = null;

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function build() {
    const host = document.createElement("promptguard-notice");
    host.setAttribute("popover", "manual"); // above whatever the page lays over itself
    const root = host.attachShadow({ mode: "closed" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(settings.css);
    root.adoptedStyleSheets = [sheet];
    const title = element("h2", { id: "title" });
    const text = element("div", { id: "text" });
    const said = element("div", { "class": "said" }, title, text);
    const id = element("code", { translate: "no" });
    const decision = element("p", { "class": "decision" }, words.decision + " ", id);
    const copy = element("button", { type: "button", "class": "copy" }, words.copy);
    const copied = element("span", { role: "status" });
    const byHand = element("textarea", { readonly: "", rows: "5", "aria-label": words.copy_by_hand });
    const close = element("button", { type: "button", "class": "close", "aria-label": words.close }, "\u00d7");
    const card = element(
      "div",
      { "class": "card", role: "dialog", "aria-labelledby": "title", tabindex: "-1", lang: settings.language, dir: "auto" },
      said, decision, element("div", { "class": "actions" }, copy, copied), byHand, close,
    );
    root.append(card);
    close.addEventListener("click", hide);
    copy.addEventListener("click", copyText);
    card.addEventListener("focusin", event => {
      if (!event.relatedTarget || !card.contains(event.relatedTarget)) focusedBefore = event.relatedTarget;
    });
    return { host, root, card, said, title, text, id, copy, copied, byHand };
  }

  function attach() {
    if (!current || layer.host.isConnected || attached >= MAX_ATTACHED) return;
    attached += 1;
    document.documentElement.append(layer.host);
    try {
      layer.host.showPopover();
    } catch {
      // A browser without popovers: the style sheet lays it over the page.
    }
  }

  function hide() {
    const within = layer.root.activeElement !== null;
    current = null;
    layer.host.remove();
    if (within && focusedBefore && focusedBefore.isConnected) focusedBefore.focus();
  }

  function onKey(event) {
    if (event.key !== "Escape" || !current) return;
    if (layer.root.activeElement) event.stopPropagation(); // it is meant for nothing of the page
    hide();
  }

  function asksForPassword() {
    return document.querySelector("input[type=password]") !== null;
  }

  function titleOf(decision) {
    if (decision.action === "blocked") return words.not_sent;
    if (decision.action === "reminder") return words.reminder;
    return words.redacted[decision.count === 1 ? 0 : 1].replace("{count}", String(decision.count));
  }

  async function learn(action, id, count) {
    if (seen.has(id)) return;
    if (seen.size >= MAX_SEEN) seen.clear();
    seen.add(id);
    const decision = { action, id, count, at: Date.now(), told: null };
    if (!document.documentElement || asksForPassword()) return;
    const before = last;
    last = decision;
    // The same once more is no news: it is not told aloud, and what was closed stays closed for that long.
    let again = before !== null && titleOf(before) === titleOf(decision) && decision.at - before.at < ONE_NOTICE_MS;
    if (again) {
      decision.told = await ask(decision);
      again = saidOf(before) === saidOf(decision);
    }
    if (!(again && current === null)) show(decision, again);
  }

  // Once it was asked for it counts as shown, for this day: so only where it can be seen, and in the way of nothing else.
  async function remind(id) {
    if (seen.has(id) || current || document.hidden || !document.documentElement || asksForPassword()) return;
    seen.add(id);
    const decision = { action: "reminder", id, count: 0, at: Date.now(), told: null };
    decision.told = await ask(decision);
    if (decision.told && !current) show(decision, false);
  }

  function saidOf(decision) {
    return decision.told ? decision.told.text.replaceAll(decision.id, "") : "";
  }

  function show(decision, again) {
    if (layer === null) {
      layer = build();
      window.addEventListener("keydown", onKey, true);
      new MutationObserver(attach).observe(document, { childList: true });
    }
    if (current === null) {
      attached = 0;
      new MutationObserver((_, observer) => (current ? attach() : observer.disconnect()))
        .observe(document.documentElement, { childList: true });
    }
    current = decision;
    const { card, said, title, text, id, copy, copied, byHand } = layer;
    card.dataset.action = decision.action;
    if (again) said.removeAttribute("role");
    else said.setAttribute("role", decision.action === "blocked" ? "alert" : "status");
    id.textContent = decision.id;
    text.replaceChildren();
    copied.textContent = "";
    copy.hidden = byHand.hidden = true;
    title.textContent = titleOf(decision);
    attach();
    tell(decision);
  }

  // Changes what was shown, even where there is nothing to add: only so it is heard, the title with it.
  async function tell(decision) {
    const wait = new Promise(go => setTimeout(go, HEARD_AFTER_MS));
    const told = decision.told = decision.told || await ask(decision);
    await wait;
    if (current !== decision) return;
    layer.title.textContent = titleOf(decision);
    if (!told) return;
    layer.text.replaceChildren(...told.text.split("\n\n").map(paragraph));
    layer.byHand.value = told.redacted || "";
    layer.copy.hidden = !told.redacted;
  }

  function paragraph(text) {
    const [address] = ADDRESS.exec(text) || [];
    if (!address) return element("p", {}, text);
    const [before, after] = text.split(address, 2);
    const link = element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, address);
    return element("p", {}, before, link, after);
  }

  // Whether asking would break no policy in the page's own markup; those of its headers are known (settings.ask).
  function markupLetsAsk() {
    const policies = document.querySelectorAll('meta[http-equiv="content-security-policy" i]');
    return [...policies].flatMap(each => each.content.split(",")).every(policy => {
      const directives = policy.split(";").map(each => each.trim().toLowerCase().split(/[\t\n\f\r ]+/));
      const named = name => directives.find(each => each[0] === name);
      const governing = named("connect-src") || named("default-src");
      return !governing || governing.some(each => ITSELF.includes(each));
    });
  }

  // The words on this one decision, from the proxy: no request of this kind reaches the service.
  async function ask(decision) {
    if (!settings.ask || !markupLetsAsk()) return null;
    try {
      const answer = await fetchNow(location.origin + settings.path + decision.id, {
        credentials: "omit", cache: "no-store", redirect: "error", referrerPolicy: "no-referrer",
      });
      const told = answer.ok ? await answer.json() : null;
      return told && told.id === decision.id ? told : null;
    } catch {
      return null; // the title and the number are there; a service worker of the page may keep the rest away
    }
  }

  async function copyText() {
    const { byHand, copied } = layer;
    try {
      await navigator.clipboard.writeText(byHand.value);
      copied.textContent = words.copied;
    } catch {
      byHand.hidden = false;
      byHand.focus();
      byHand.select();
    }
  }

  function read(entries) {
    for (const entry of entries.getEntries()) {
      for (const timing of entry.serverTiming || []) {
        if (timing.name !== MARK) continue;
        const told = DESCRIPTION.exec(timing.description);
        const reminder = REMINDER.exec(timing.description);
        if (told) learn(told[1], told[2], Number(told[3]));
        if (reminder) remind(reminder[1]);
      }
    }
  }

  function watchRequests() {
    for (const type of ["navigation", "resource"]) {
      new PerformanceObserver(read).observe({ type, buffered: true });
    }
  }

  function number(bits, start, length) {
    let value = 0;
    for (let at = start; at < start + length; at += 1) value = value * 2 + (bits[at] === "\t" ? 1 : 0);
    return value;
  }

  function readFrame(event) {
    if (typeof event.data !== "string") return;
    const found = FRAME_MARK.exec(event.data.slice(-FRAME_MARK_LENGTH));
    if (!found) return;
    const bits = found[1];
    let id = "pg";
    for (let letter = 0; letter < 16; letter += 1) {
      id += (letter % 4 ? "" : "-") + LETTERS[number(bits, 11 + letter * 5, 5)];
    }
    learn(number(bits, 0, 1) ? "blocked" : "redacted", id, number(bits, 1, 10));
  }

  // Listens to every socket that the page says something on; what the page calls stays the browser's own function.
  function watchSockets() {
    const heard = new WeakSet();
    const listen = EventTarget.prototype.addEventListener;
    WebSocket.prototype.send = new Proxy(WebSocket.prototype.send, {
      apply(send, socket, values) {
        if (socket instanceof WebSocket && !heard.has(socket)) {
          heard.add(socket);
          Reflect.apply(listen, socket, ["message", readFrame]);
        }
        return Reflect.apply(send, socket, values);
      },
    });
  }

  for (const watch of [watchRequests, watchSockets]) {
    try {
      watch();
    } catch {
      // A browser without it: the page goes on, and the service's own form of the notice is what is seen.
    }
  }
})
