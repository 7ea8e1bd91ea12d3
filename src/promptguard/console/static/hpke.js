// Opens what was sealed with HPKE (RFC 9180, base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM), and reads
// private keys in PKCS#8 under a passphrase (RFC 5958, RFC 8018), by the browser's own WebCrypto. Nothing leaves the page.
"use strict";

const hpke = (() => {
  const utf8 = new TextEncoder();
  const none = new Uint8Array(0);
  const KEM = join(utf8.encode("KEM"), [0, 0x20]);
  const SUITE = join(utf8.encode("HPKE"), [0, 0x20, 0, 1, 0, 2]);

  class Refused extends Error {}

  function join(...parts) {
    return Uint8Array.from(parts.flatMap((part) => [...part]));
  }

  function fromBase64(text) {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  }

  function toBase64(bytes) {
    return btoa(String.fromCharCode(...bytes));
  }

  async function hmac(key, data) {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const imported = await crypto.subtle.importKey("raw", key.length ? key : new Uint8Array(32), algorithm, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
  }

  function labeledExtract(suite, salt, label, material) {
    return hmac(salt, join(utf8.encode("HPKE-v1"), suite, utf8.encode(label), material));
  }

  // Up to 32 bytes, which is one block of HKDF-Expand.
  async function labeledExpand(suite, key, label, info, length) {
    const labeled = join([0, length], utf8.encode("HPKE-v1"), suite, utf8.encode(label), info);
    return (await hmac(key, join(labeled, [1]))).slice(0, length);
  }

  // The plain bytes of an encapsulated key with its ciphertext.
  async function open(sealed, key, info) {
    const encapsulated = sealed.slice(0, 32);
    const sender = await crypto.subtle.importKey("raw", encapsulated, "X25519", false, []);
    const agreed = new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: sender }, key.secret, 256));
    const extracted = await labeledExtract(KEM, none, "eae_prk", agreed);
    const shared = await labeledExpand(KEM, extracted, "shared_secret", join(encapsulated, key.public), 32);
    const context = join(
      [0],
      await labeledExtract(SUITE, none, "psk_id_hash", none),
      await labeledExtract(SUITE, none, "info_hash", info),
    );
    const secret = await labeledExtract(SUITE, shared, "secret", none);
    const raw = await labeledExpand(SUITE, secret, "key", context, 32);
    const nonce = await labeledExpand(SUITE, secret, "base_nonce", context, 12);
    const cipher = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, cipher, sealed.slice(32)));
  }

  // The parts of a sequence in DER: tag and content of each.
  function parts(bytes) {
    const found = [];
    for (let at = 0; at < bytes.length; ) {
      const tag = bytes[at];
      let length = bytes[at + 1];
      at += 2;
      if (length & 0x80) {
        const size = length & 0x7f;
        length = bytes.slice(at, at + size).reduce((sum, byte) => sum * 256 + byte, 0);
        at += size;
      }
      if (!Number.isInteger(length) || at + length > bytes.length) throw new Refused("The file of the private key is damaged.");
      found.push({ tag, bytes: bytes.slice(at, at + length) });
      at += length;
    }
    return found;
  }

  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const PBES2 = "2a864886f70d01050d";
  const PBKDF2 = "2a864886f70d01050c";
  const AES_256_CBC = "60864801650304012a";
  const HASHES = { "2a864886f70d0209": "SHA-256", "2a864886f70d020b": "SHA-512" };
  const OTHER = "The private key is protected in a way that this page does not know. Open the downloaded file with the command.";

  async function decrypted(der, passphrase) {
    const [algorithm, data] = parts(parts(der)[0].bytes);
    const [scheme, parameters] = parts(algorithm.bytes);
    if (hex(scheme.bytes) !== PBES2) throw new Refused(OTHER);
    const [derivation, cipher] = parts(parameters.bytes);
    const [function_, derived] = parts(derivation.bytes);
    const [aes, iv] = parts(cipher.bytes);
    const [salt, rounds, ...more] = parts(derived.bytes);
    const hash = HASHES[hex(parts(more.find((part) => part.tag === 0x30)?.bytes ?? none)[0]?.bytes ?? none)];
    if (hex(function_.bytes) !== PBKDF2 || hex(aes.bytes) !== AES_256_CBC || !hash) throw new Refused(OTHER);
    const iterations = rounds.bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    const typed = await crypto.subtle.importKey("raw", utf8.encode(passphrase), "PBKDF2", false, ["deriveKey"]);
    const key = await crypto.subtle.deriveKey(
      { name: "PBKDF2", hash, salt: salt.bytes, iterations }, typed, { name: "AES-CBC", length: 256 }, false, ["decrypt"],
    );
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv: iv.bytes }, key, data.bytes));
  }

  // The pair of keys in a PEM file: a key of WebCrypto's, and the bytes of the public one.
  async function readKey(pem, passphrase) {
    const found = /-----BEGIN (ENCRYPTED )?PRIVATE KEY-----([\sA-Za-z0-9+/=]+)-----END/.exec(pem);
    if (!found) throw new Refused("This file is no private key in PEM.");
    let secret;
    try {
      const der = fromBase64(found[2].replace(/\s/g, ""));
      const plain = found[1] ? await decrypted(der, passphrase) : der;
      secret = await crypto.subtle.importKey("pkcs8", plain, "X25519", true, ["deriveBits"]);
    } catch (error) {
      if (error instanceof Refused) throw error;
      if (error.name === "NotSupportedError") throw new Refused("This browser has no X25519. Open the downloaded file with the command.");
      throw new Refused("The passphrase is wrong, or the file of the private key is damaged or of another kind.");
    }
    const { x } = await crypto.subtle.exportKey("jwk", secret);
    return { secret, public: fromBase64(x.replace(/-/g, "+").replace(/_/g, "/")) };
  }

  return { Refused, open, readKey, fromBase64, toBase64 };
})();
