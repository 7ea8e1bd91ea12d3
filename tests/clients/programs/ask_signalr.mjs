// An application on Microsoft's SignalR client, at Microsoft 365 Copilot's hub: prints updates, and the last message.
import { HttpTransportType, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";

const prompt = process.argv[4];
const connection = new HubConnectionBuilder()
  .withUrl("https://substrate.office.com/m365Copilot/Chathub/stand-in", {
    skipNegotiation: true,
    transport: HttpTransportType.WebSockets,
    WebSocket, // Node.js's own, which takes the proxy from the environment
  })
  .configureLogging(LogLevel.None)
  .build();
connection.on("update", ({ writeAtCursor, messages }) => process.stdout.write(writeAtCursor ?? messages.at(-1).text));
await connection.start();
await new Promise((ended) => {
  const message = { author: "user", messageType: "Chat", text: prompt };
  connection.stream("chat", { source: "officeweb", message }).subscribe({
    next: ({ item }) => console.log("\n" + (item ?? {}).messages?.at(-1)?.text),
    complete: ended,
    error: (error) => ended(console.log(`${error.name}: ${error.message}`)),
  });
});
await connection.stop();
