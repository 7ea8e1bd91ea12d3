// Opens the sealed text with the key that stands behind the # of the address, which no server is sent.
"use strict";

const key = location.hash.slice(1);
const isKey = /^[bcdfghjklmnpqrstvwxz]{30}$/.test(key);
if (isKey) {
  // What stands behind the # stays when a form is sent.
  for (const form of document.querySelectorAll("form")) form.action = `${location.pathname}#${key}`;
}

const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

async function opened(box) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  const secret = await crypto.subtle.importKey("raw", hash, "AES-GCM", false, ["decrypt"]);
  const sealed = bytes(box.dataset.sealed);
  const how = { name: "AES-GCM", iv: sealed.slice(0, 12), additionalData: new TextEncoder().encode(box.dataset.decision) };
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, secret, sealed.slice(12))));
}

function shown(box, plain) {
  const text = document.getElementById("redacted");
  text.value = plain.text;
  text.hidden = document.getElementById("copy").hidden = !plain.text;
  document.getElementById("names").textContent = plain.files.join(", ");
  document.getElementById("files").hidden = !plain.files.length;
  document.getElementById("nothing").hidden = true;
  box.hidden = false;
  document.getElementById("copy").addEventListener("click", async () => {
    text.select();
    try {
      await navigator.clipboard.writeText(plain.text);
    } catch {
      if (!document.execCommand("copy")) return; // it is selected: to be copied by hand
    }
    document.getElementById("copied").textContent = box.dataset.copied;
  });
  offered(plain.text);
}

// The text goes with a question only if that is ticked, and is in no form before.
function offered(text) {
  const add = document.getElementById("add");
  if (!add || !text) return;
  const most = Number(add.dataset.most);
  add.checked = false;
  document.getElementById("adding").hidden = false;
  document.getElementById("ask").addEventListener("formdata", (event) => {
    if (add.checked) event.formData.set("added", text.length > most ? `${text.slice(0, most - 1)}…` : text);
  });
}

const box = document.getElementById("sealed");
if (box && isKey && window.crypto && crypto.subtle) {
  opened(box).then((plain) => shown(box, plain), () => {}); // another key: there is nothing to show
}
