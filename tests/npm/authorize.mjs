// Loaded before a program that cannot present a credential of its own: every request that it makes carries the token of TOKEN.
import http from "node:http";
import { syncBuiltinESMExports } from "node:module";
import { getGlobalDispatcher, setGlobalDispatcher } from "undici";

const authorization = ["authorization", `Bearer ${process.env.TOKEN}`];

function withToken(headers) {
  if (!headers) return authorization;
  if (Array.isArray(headers)) return [...headers, ...authorization];
  const pairs = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  return [...pairs.flat(), ...authorization];
}

const dispatcher = getGlobalDispatcher().compose(
  (dispatch) => (options, handler) => dispatch({ ...options, headers: withToken(options.headers) }, handler),
);
setGlobalDispatcher(dispatcher);

const request = http.request;
http.request = (target, ...rest) => {
  const made = request(target, ...rest);
  made.setHeader(...authorization);
  return made;
};
syncBuiltinESMExports();
