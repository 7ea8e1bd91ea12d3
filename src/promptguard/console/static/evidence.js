// Opens released evidence in the page: the key is read here, then the sealed bytes are fetched, then they are opened here.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const FORMAT = "promptguard-evidence-1";
  const CHANGED = "The evidence does not open: it was changed, or belongs to another decision or installation than it says. Nothing of it is shown.";
  const FOREIGN = "This key is not one that the evidence was sealed to. Take the one that was in use then.";
  const at = (id) => document.getElementById(id);
  const utf8 = new TextEncoder();

  function said(words, isProblem = false) {
    at("said").textContent = words;
    at("said").className = isProblem ? "problem" : "";
  }

  function clear() {
    at("shown").replaceChildren();
    at("passphrase").value = "";
    at("key-file").value = "";
    said("");
  }

  async function fetched() {
    const form = at("fetch");
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if ((answer.headers.get("content-type") ?? "").startsWith("application/json")) return answer.json();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    throw new hpke.Refused((page.querySelector(".problem") ?? page.querySelector("main")).textContent.trim());
  }

  // All excerpts, or none.
  async function opened(evidence, key) {
    if (evidence?.format !== FORMAT || !Array.isArray(evidence.findings)) throw new hpke.Refused(CHANGED);
    const name = hpke.toBase64(key.public);
    const found = [];
    for (const each of evidence.findings) {
      const sealed = each.sealed?.[name];
      if (!sealed) throw new hpke.Refused(FOREIGN);
      const info = utf8.encode(`promptguard/evidence/v1\n${evidence.installation}\n${evidence.decision}\n${each.finding}`);
      try {
        const plain = await hpke.open(hpke.fromBase64(sealed), key, info);
        found.push({ number: each.finding + 1, ...JSON.parse(new TextDecoder().decode(plain)) });
      } catch {
        throw new hpke.Refused(CHANGED);
      }
    }
    return found;
  }

  function shown(evidence, found) {
    for (const each of found) {
      const heading = document.createElement("h3");
      heading.textContent = `Finding ${each.number}`;
      const excerpt = document.createElement("p");
      excerpt.className = "excerpt";
      const mark = document.createElement("mark");
      mark.textContent = each.found;
      excerpt.append(each.before, mark, each.after);
      if (each.cut) excerpt.append(` … and ${each.cut} bytes more`);
      at("shown").append(heading, excerpt);
    }
    const more = evidence.left_out ? ` Of ${evidence.left_out} further findings no evidence was kept: there were too many.` : "";
    said(`Opened: ${found.length} ${found.length === 1 ? "finding" : "findings"}.${more}`);
  }

  async function open() {
    at("shown").replaceChildren();
    const [file] = at("key-file").files;
    if (!file) return said("Choose the file of the private key.", true);
    said("Opening …");
    try {
      const key = await hpke.readKey(await file.text(), at("passphrase").value);
      at("passphrase").value = "";
      if (!at("opening").dataset.keys.split(" ").includes(hpke.toBase64(key.public))) throw new hpke.Refused(FOREIGN);
      const evidence = await fetched();
      const expected = at("opening").dataset.decision;
      if (evidence.decision !== expected) throw new hpke.Refused(CHANGED);
      shown(evidence, await opened(evidence, key));
    } catch (error) {
      said(error instanceof hpke.Refused ? error.message : "The evidence could not be fetched or opened.", true);
    }
  }

  at("opening").hidden = false;
  at("open-here").addEventListener("click", open);
  at("clear").addEventListener("click", clear);
  window.addEventListener("pagehide", clear);
});
