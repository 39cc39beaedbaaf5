// Gives every request of a process the bearer that TOKENACTORS_BEARER names: for programs that take none.
import { Agent, setGlobalDispatcher } from "undici";

const authorization = `Bearer ${process.env.TOKENACTORS_BEARER}`;
setGlobalDispatcher(
  new Agent().compose((dispatch) => (options, handler) => dispatch({ ...options, headers: withBearer(options.headers) }, handler)),
);

function withBearer(headers) {
  if (Array.isArray(headers)) return [...headers, "authorization", authorization];
  return { ...(headers?.entries ? Object.fromEntries(headers.entries()) : headers), authorization };
}
