// Renders answers as clients do, and says where a value stands in what is fetched, linked or submitted.
// Reads a line of JSON an answer, {"texts": [...], "marks": [...], "own": [...]}; writes a line of JSON, the places found.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { createInterface } from "node:readline";

const require = createRequire(`${process.argv[2]}/package.json`);
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { Parser, HtmlRenderer } = await load("commonmark");
const { marked } = await load("marked");
const MarkdownIt = (await load("markdown-it")).default;
const { micromark } = await import(pathToFileURL(`${process.argv[2]}/node_modules/micromark/index.js`));
const { gfm, gfmHtml } = await import(pathToFileURL(`${process.argv[2]}/node_modules/micromark-extension-gfm/index.js`));
const esm = async (name) => (await import(pathToFileURL(`${process.argv[2]}/node_modules/${name}/index.js`))).default;
const { unified } = await import(pathToFileURL(`${process.argv[2]}/node_modules/unified/index.js`));
const { parse } = await import(pathToFileURL(`${process.argv[2]}/node_modules/parse5/dist/index.js`));

const linking = new MarkdownIt({ html: true, linkify: true });
linking.linkify.set({ fuzzyLink: true, fuzzyEmail: true, fuzzyIP: true });
for (const top of ["example", "dev", "io", "app"]) linking.linkify.tlds(top, true);
const escaping = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: true });
escaping.linkify.set({ fuzzyLink: true, fuzzyEmail: true, fuzzyIP: true });
const remark = unified()
  .use(await esm("remark-parse"))
  .use(await esm("remark-gfm"))
  .use(await esm("remark-rehype"), { allowDangerousHtml: true })
  .use(await esm("rehype-raw"))
  .use(await esm("rehype-stringify"));

const RENDERERS = {
  commonmark: (text) => new HtmlRenderer().render(new Parser().parse(text)),
  marked: (text) => marked(text),
  "markdown-it": (text) => linking.render(text),
  "markdown-it without HTML": (text) => escaping.render(text),
  micromark: (text) =>
    micromark(text, {
      allowDangerousHtml: true,
      allowDangerousProtocol: true,
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
    }),
  remark: (text) => String(remark.processSync(text)),
};

// Elements whose text runs, is drawn, submitted, or fetched.
const TAKEN = new Set(
  ("script style textarea select option button svg math iframe noembed noframes noscript xmp object template " +
    "plaintext audio video canvas").split(" "),
);

// Of elements that no browser knows, only these attributes do something, or could to a custom element.
const ACTED_ON = /^(on|style$|src|.*href|.*action|data$|poster|ping|cite|background|longdesc|manifest|imagesrcset)/;

const UNKNOWN = /^(foo|x|y|z)$/;

function* places(node, marks, own, within) {
  const taken = within || (TAKEN.has(node.nodeName) && node.nodeName);
  if (node.nodeName === "#comment" && holds(node.data, marks)) yield "comment";
  if (node.nodeName === "#text" && taken && holds(node.value, marks)) yield `${taken} text`;
  for (const { name, value } of node.attrs ?? []) {
    if (!holds(value, marks) || own.some((address) => new RegExp(address, "i").test(decoded(value)))) continue;
    if (UNKNOWN.test(node.nodeName) && !ACTED_ON.test(name)) continue;
    if (name === "id" || (name === "href" && value.startsWith("#"))) continue; // never leaves the page
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

for await (const line of createInterface({ input: process.stdin })) {
  const { texts, marks, own } = JSON.parse(line);
  const found = new Set();
  for (const text of texts) {
    const pages = Object.entries(RENDERERS).map(([name, render]) => [name, render(text)]);
    if (/^\s*</.test(text)) pages.push(["HTML", text]);
    for (const [name, html] of pages) for (const place of places(parse(html), marks, own, "")) found.add(`${name}: ${place}`);
  }
  console.log(JSON.stringify([...found]));
}
