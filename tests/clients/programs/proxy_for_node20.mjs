// For Node.js before 24, whose fetch knows no proxy: node --import ./proxy_for_node20.mjs PROGRAM
import { EnvHttpProxyAgent, setGlobalDispatcher } from "undici";

setGlobalDispatcher(new EnvHttpProxyAgent());
