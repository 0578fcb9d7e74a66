// A guest of many routes; testdata/guests/README.md lists them.

import { getEnvironment } from "wasi:cli/environment@0.2.3";
import { Fields } from "wasi:http/types@0.2.3";
import { granted } from "./granted.js";

const GUEST = "javascript-p2";
const CHUNK = 64 * 1024;

addEventListener("fetch", (event) => event.respondWith(answer(event)));

async function answer(event) {
  const url = new URL(event.request.url);
  const text = granted[url.pathname];
  if (text) return plain(200, text(url.searchParams));
  const route = routes[url.pathname];
  return route ? route(event.request, url.searchParams, event) : plain(404, "no such route");
}

function head(status, contentType = "text/plain") {
  return { status, headers: { "content-type": contentType, "x-guest": GUEST } };
}

function plain(status, text) {
  return new Response(text, head(status));
}

const number = (query, name) => Number(query.get(name)) || 0;

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const encoder = new TextEncoder();

// A body whose chunks the function makes one by one, until it gives null.
function stream(next) {
  return new ReadableStream({
    async pull(controller) {
      const chunk = await next();
      if (chunk === null) {
        controller.close();
      } else {
        controller.enqueue(chunk);
      }
    },
  });
}

function echo(request) {
  const contentType = request.headers.get("content-type") ?? "application/octet-stream";
  return new Response(request.body, head(200, contentType));
}

function headers(request) {
  const url = new URL(request.url);
  const target = {
    ":method": request.method,
    ":path": url.pathname + url.search,
    ":scheme": url.protocol.slice(0, -1),
    ":authority": url.host,
  };
  const lines = Object.entries(target).map(([name, value]) => `${name}: ${value}\n`);
  lines.push(...[...request.headers].map(([name, value]) => `${name}: ${value}\n`).sort());
  return plain(200, lines.join(""));
}

async function outbound(request, query) {
  const options = {};
  if (request.method === "POST") {
    options.method = "POST";
    options.headers = { "content-type": request.headers.get("content-type") ?? "application/octet-stream" };
    options.body = request.body;
    options.duplex = "half";
  }
  try {
    // A relative URL would be taken as one of this app's own.
    const response = await fetch(new URL(query.get("url")), options);
    const contentType = response.headers.get("content-type") ?? "application/octet-stream";
    return new Response(response.body, head(response.status, contentType));
  } catch (error) {
    return plain(502, String(error));
  }
}

async function fanout(_request, query) {
  const answers = Array.from({ length: number(query, "n") }, async () => {
    const response = await fetch(new URL(query.get("url")));
    await response.arrayBuffer();
    return response.status;
  });
  try {
    const other = (await Promise.all(answers)).find((status) => status !== 200);
    return other ? plain(502, `status ${other}`) : plain(200, `ok ${answers.length}`);
  } catch (error) {
    return plain(502, String(error));
  }
}

// Answers, and goes on working when the response has ended.
function background(_request, query, event) {
  const work = async () => {
    await wait(number(query, "ms"));
    try {
      console.log(`background: ${(await fetch(new URL(query.get("url")))).status}`);
    } catch (error) {
      console.log(`background: ${error}`);
    }
  };
  event.waitUntil(work());
  return plain(200, "started");
}

// Timers that run at once: the time of each, as they end.
async function timers(_request, query) {
  const ended = [];
  const times = Array.from({ length: number(query, "n") }, (_none, i) => i * number(query, "ms"));
  await Promise.all(times.toReversed().map((ms) => wait(ms).then(() => ended.push(ms))));
  return plain(200, ended.join(" "));
}

function stdout(_request, query) {
  console.log(query.get("text"));
  console.error("err:" + query.get("text"));
  return status(204);
}

function status(code) {
  try {
    return new Response(null, { status: code, headers: { "x-guest": GUEST } });
  } catch (error) {
    return plain(400, String(error));
  }
}

function slowBody(_request, query) {
  const chunks = number(query, "chunks");
  let i = 0;
  return new Response(
    stream(async () => {
      if (i === chunks) return null;
      if (i > 0) await wait(number(query, "ms"));
      return encoder.encode(`chunk ${i++}\n`);
    }),
    head(200),
  );
}

function bytes(_request, query) {
  const total = number(query, "n");
  let offset = 0;
  return new Response(
    stream(async () => {
      if (offset === total) return null;
      const chunk = new Uint8Array(Math.min(CHUNK, total - offset));
      for (let i = 0; i < chunk.length; i++) chunk[i] = (offset + i) % 251;
      offset += chunk.length;
      return chunk;
    }),
    head(200),
  );
}

// What the host says to headers that no response may carry.
function badHeader(request) {
  const encode = (text) => encoder.encode(text);
  const attempts = {
    name: () => Fields.fromList([["bad header\n", encode("x")]]),
    value: () => Fields.fromList([["x-bad", encode("bad\nvalue")]]),
    forbidden: () => Fields.fromList([["connection", encode("close")]]),
    immutable: () => request.headers.append("x-more", "x"),
  };
  const lines = Object.entries(attempts).map(([what, attempt]) => {
    try {
      attempt();
      return `${what}: ok\n`;
    } catch (error) {
      return `${what}: ${error.payload?.tag ?? error}\n`;
    }
  });
  return plain(200, lines.join(""));
}

function random() {
  const values = crypto.getRandomValues(new Uint8Array(16));
  return plain(200, [...values].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
}

let requests = 0;

const routes = {
  "/hello": () => plain(200, `Hello, ${GUEST}!`),
  "/echo": echo,
  "/headers": headers,
  "/outbound": outbound,
  "/stdout": stdout,
  "/env": () => plain(200, getEnvironment().map(([key, value]) => `${key}=${value}\n`).sort().join("")),
  "/panic": () => {
    throw new Error("the request asked for an error");
  },
  "/loop": () => {
    for (;;);
  },
  "/loop-host": () => {
    for (;;) performance.now();
  },
  "/sleep": async (_request, query) => {
    await wait(number(query, "ms"));
    return plain(200, "slept");
  },
  "/fanout": fanout,
  "/background": background,
  "/timers": timers,
  "/slow-body": slowBody,
  "/bytes": bytes,
  "/no-read": () => plain(200, "ignored"),
  "/never": () => wait(2 ** 31 - 1),
  "/no-response": () => new Promise(() => {}),
  "/bad-header": badHeader,
  "/status": (_request, query) => status(number(query, "code")),
  "/random": random,
  "/now": () => plain(200, String(Math.floor(Date.now() / 1000))),
  "/count": () => plain(200, String(++requests)),
};
