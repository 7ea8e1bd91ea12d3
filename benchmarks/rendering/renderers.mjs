// Renders answers as clients do, and says where a value stands in what is fetched, linked or submitted.
// Reads a line of JSON an answer, {"texts": [...], "marks": [...], "own": [...]}; writes a line of JSON, the places found.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { createInterface } from "node:readline";

const folder = process.argv[2];
const require = createRequire(`${folder}/package.json`);
const load = (name) => import(pathToFileURL(require.resolve(name)));
const file = (path) => import(pathToFileURL(`${folder}/node_modules/${path}`));
const esm = async (name) => (await file(`${name}/index.js`)).default;

const { Parser, HtmlRenderer } = await load("commonmark");
const { marked, Marked } = await load("marked");
const MarkdownIt = (await load("markdown-it")).default;
const { micromark } = await file("micromark/index.js");
const { gfm, gfmHtml } = await file("micromark-extension-gfm/index.js");
const { unified } = await file("unified/index.js");
const { parse } = await file("parse5/dist/index.js");
const markedFootnote = (await file("marked-footnote/dist/index.js")).default;
const katex = require("@vscode/markdown-it-katex").default;
const footnote = (await file("markdown-it-footnote/index.mjs")).default;
const deflist = (await file("markdown-it-deflist/index.mjs")).default;
const container = (await file("markdown-it-container/index.mjs")).default;
const admonition = require("markdown-it-admon");
const collapsible = require("markdown-it-collapsible");
const { tab } = await file("@mdit/plugin-tab/dist/index.js");
const { spoiler } = await file("@mdit/plugin-spoiler/dist/index.js");
const { alert } = await file("@mdit/plugin-alert/dist/index.js");
const { createDirectives } = await load("marked-directive");
const markedAdmonition = require("marked-admonition-extension").default;
const markedKatex = require("marked-katex-extension");
const markedAlert = require("marked-alert");
const { remarkDefinitionList, defListHastHandlers } = await file("remark-definition-list/lib/index.js");
const TEX = { trust: true, strict: "ignore", throwOnError: false, output: "html" };

function markdownIt(options) {
  const renderer = new MarkdownIt(options);
  renderer.linkify.set({ fuzzyLink: true, fuzzyEmail: true, fuzzyIP: true });
  for (const top of ["example", "dev", "io", "app"]) renderer.linkify.tlds(top, true);
  return renderer;
}

const linking = markdownIt({ html: true, linkify: true });
const escaping = markdownIt({ html: false, linkify: true, breaks: true, typographer: true });
const extended = markdownIt({ html: true, linkify: true }).use(footnote).use(deflist).use(katex, TEX).use(wikiLinks);
const withFootnotes = new Marked(markedFootnote());
const markedContainers = new Marked(
  markedAdmonition, createDirectives(), markedAlert(), markedKatex({ ...TEX, nonStandard: true }), markedFootnote(),
);

// Containers of markdown-it's extensions, which may stand within each other.
const containing = markdownIt({ html: true, linkify: true })
  .use(footnote)
  .use(deflist)
  .use(admonition)
  .use(collapsible)
  .use(alert, { deep: true })
  .use(spoiler)
  .use(tab, { name: "tabs" })
  .use(katex, TEX);
for (const name of ["note", "details", "spoiler", "warning"]) containing.use(container, name);

// Links to pages and embedded files, as notebooks of Markdown have them.
function wikiLinks(renderer) {
  renderer.inline.ruler.before("link", "wiki", (state, silent) => {
    const found = /^(!?)\[\[([^\][\n|]+)(?:\|([^\][\n]*))?\]\]/.exec(state.src.slice(state.pos, state.pos + 999));
    if (!found) return false;
    if (!silent) {
      const token = state.push("html_inline", "", 0);
      const page = renderer.utils.escapeHtml(found[2]);
      token.content = found[1] ? `<img src="${page}">` : `<a href="${page}">link</a>`;
    }
    state.pos += found[0].length;
    return true;
  });
}

function remark(extensions, handlers = {}) {
  const plain = unified().use(parsing).use(tables);
  for (const extension of extensions) plain.use(extension);
  return plain.use(toHtml, { allowDangerousHtml: true, handlers }).use(raw);
}

const parsing = await esm("remark-parse");
const tables = await esm("remark-gfm");
const toHtml = await esm("remark-rehype");
const raw = await esm("rehype-raw");
const written = await esm("rehype-stringify");
const plainRemark = remark([]).use(written);
const fullRemark = remark([await esm("remark-math"), await esm("remark-directive")])
  .use(await esm("rehype-katex"), TEX)
  .use(written);
const remarkDefinitions = remark([remarkDefinitionList], defListHastHandlers).use(written);

const RENDERERS = {
  commonmark: (text) => new HtmlRenderer().render(new Parser().parse(text)),
  marked: (text) => marked(text),
  "marked with footnotes": (text) => withFootnotes.parse(text),
  "markdown-it": (text) => linking.render(text),
  "markdown-it without HTML": (text) => escaping.render(text),
  "marked with containers": (text) => markedContainers.parse(text),
  "markdown-it with containers": (text) => containing.render(text, {}),
  "markdown-it with extensions": (text) => extended.render(text, {}),
  micromark: (text) =>
    micromark(text, {
      allowDangerousHtml: true,
      allowDangerousProtocol: true,
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
    }),
  remark: (text) => String(plainRemark.processSync(text)),
  "remark with extensions": (text) => String(fullRemark.processSync(text)),
  "remark with definition lists": (text) => String(remarkDefinitions.processSync(text)),
};

const words = (text) => new Set(text.split(" "));

// Elements whose text runs, is drawn, submitted, or fetched.
const TAKEN = words(
  "script style textarea select option button svg math iframe noembed noframes noscript xmp object template plaintext" +
    " audio video canvas picture map frameset applet",
);

// Elements that no browser knows, and that no page can define: they need a hyphen for that. Their attributes do
// nothing, unless a framework acts on them by their names.
const UNKNOWN = words("foo n x y z q:x customer");
const PLAIN = /^[a-z]+$/;
const ACTED_ON = /^on|style|src|href|action|url|link|data|ping|poster|background|cite|longdesc|manifest|^is$|^slot$/;

// Code that clients render beside the answer.
const PAGES = words("html htm xhtml xml svg vue");
const MARKDOWN = words("markdown md mdx");

// What a style sheet fetches.
const FETCHED = /(?:url|src|image-set)\((?:"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?|\\[^]|[^)"'\\])*|@import[^;]*/gi;

function* places(node, marks, own, within) {
  const taken = within || (TAKEN.has(node.nodeName) && node.nodeName);
  if (node.nodeName === "#comment" && holds(node.data, marks)) yield "comment";
  if (node.nodeName === "#text" && taken && holds(node.value, marks)) yield `${taken} text`;
  const attributes = node.attrs ?? [];
  const tex = attributes.some(({ name, value }) => name === "class" && value === "katex-error");
  for (const { name, value } of attributes) {
    if (!holds(value, marks) || own.some((address) => new RegExp(address, "i").test(decoded(value)))) continue;
    if (UNKNOWN.has(node.nodeName) && PLAIN.test(name) && !ACTED_ON.test(name)) continue;
    if (tex && name === "title") continue; // the text itself, beside why it cannot be set: nothing loads it
    yield `${node.nodeName} ${name}`;
  }
  for (const child of node.childNodes ?? []) yield* places(child, marks, own, taken);
  if (node.content) yield* places(node.content, marks, own, taken);
}

function decoded(text) {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}

function holds(text, marks) {
  const lower = decoded(text).toLowerCase();
  return marks.some((mark) => lower.includes(mark));
}

// What stands in fences whose code is shown rendered.
function* previews(text) {
  const found = [];
  try {
    marked.walkTokens(marked.lexer(text), (token) => token.type === "code" && token.lang && found.push(token));
  } catch {
    return;
  }
  for (const { lang, text } of found) {
    const language = lang.trim().split(/\s/)[0].toLowerCase();
    if (PAGES.has(language)) yield [language, text];
    if (MARKDOWN.has(language)) yield* rendered(text, `${language} in `);
    if (language === "css" || language === "scss") for (const [used] of text.matchAll(FETCHED)) yield [language, `<style>${used}`];
  }
}

function* rendered(text, where = "") {
  for (const [name, render] of Object.entries(RENDERERS)) {
    let page = "";
    try {
      page = render(text);
    } catch {
      // a renderer that gives up shows nothing: marked does, of quotes in lists that hold lists
    }
    yield [where + name, page];
  }
}

function* pages(text) {
  yield* rendered(text);
  if (/^\s*</.test(text)) yield ["HTML", text];
  if (/(```|~~~)[ \t]*[a-z]/i.test(text)) yield* previews(text);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { texts, marks, own } = JSON.parse(line);
  const found = new Set();
  for (const text of new Set(texts)) {
    if (!holds(text, marks)) continue;
    for (const [name, html] of pages(text)) {
      for (const place of places(parse(html), marks, own, "")) found.add(`${name}: ${place}`);
    }
  }
  console.log(JSON.stringify([...found]));
}
