// An application on OpenAI's SDK: keeps its conversation in a file and streams the answer to the screen.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import OpenAI from "openai";

const [file, variant, prompt] = process.argv.slice(2);
const turns = existsSync(file) ? JSON.parse(readFileSync(file)) : [];
turns.push({ role: "user", content: prompt });
const client = new OpenAI();
let answer = "";
try {
  if (variant === "chat") {
    answer = (await client.chat.completions.create({ model: "gpt-5", messages: turns })).choices[0].message.content;
    console.log(answer);
  } else {
    for await (const event of await client.responses.create({ model: "gpt-5", input: turns, stream: true })) {
      if (event.type === "response.output_text.delta") {
        answer += event.delta;
        process.stdout.write(event.delta);
      }
    }
  }
  turns.push({ role: "assistant", content: answer });
} catch (error) {
  console.log(`${error.name}: ${error.message}`);
}
writeFileSync(file, JSON.stringify(turns));
