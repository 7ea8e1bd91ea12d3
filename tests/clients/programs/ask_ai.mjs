// An application on Vercel's AI SDK: keeps its conversation in a file; the answer streams, or comes as a whole.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { anthropic } from "@ai-sdk/anthropic";
import { openai } from "@ai-sdk/openai";
import { generateText, streamText } from "ai";

const [file, variant, prompt] = process.argv.slice(2);
const turns = existsSync(file) ? JSON.parse(readFileSync(file)) : [];
turns.push({ role: "user", content: prompt });
const [vendor, how] = variant.split("-");
const model = vendor === "openai" ? openai("gpt-5") : anthropic("claude-sonnet-4-5");
let answer = "";
try {
  if (how === "generate") {
    answer = (await generateText({ model, messages: turns })).text;
    console.log(answer);
  } else {
    const { fullStream } = streamText({ model, messages: turns, onError: () => {} });
    for await (const part of fullStream) {
      if (part.type === "error") throw part.error;
      if (part.type === "text-delta") {
        answer += part.text;
        process.stdout.write(part.text);
      }
    }
  }
  turns.push({ role: "assistant", content: answer });
} catch (error) {
  console.log(`${error.name}: ${error.message}`);
}
writeFileSync(file, JSON.stringify(turns));
