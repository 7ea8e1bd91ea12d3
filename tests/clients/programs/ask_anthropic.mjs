// An application on Anthropic's SDK: keeps its conversation in a file and streams the answer to the screen.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import Anthropic from "@anthropic-ai/sdk";

const [file, , prompt] = process.argv.slice(2);
const turns = existsSync(file) ? JSON.parse(readFileSync(file)) : [];
turns.push({ role: "user", content: prompt });
try {
  const stream = new Anthropic().messages.stream({ model: "claude-sonnet-4-5", max_tokens: 1000, messages: turns });
  stream.on("text", (piece) => process.stdout.write(piece));
  turns.push({ role: "assistant", content: await stream.finalText() });
} catch (error) {
  console.log(`${error.name}: ${error.message}`);
}
writeFileSync(file, JSON.stringify(turns));
