// What the component has been granted: variables, key-value stores, SQLite databases and files. Answers
// are in the words of the Rust guests, so that one expectation holds for all languages.

import { Store } from "fermyon:spin/key-value@2.0.0";
import { Connection } from "fermyon:spin/sqlite@2.0.0";
import * as variables from "fermyon:spin/variables@2.0.0";
import { getDirectories } from "wasi:filesystem/preopens@0.2.12";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const unit = { rust: "()" };
const option = (value) => ({ rust: value === undefined ? "None" : `Some(${debug(value)})` });

// The value as Rust's {:?} shows it.
function debug(value) {
  if (value?.rust) return value.rust;
  if (ArrayBuffer.isView(value) || Array.isArray(value)) return `[${[...value].map(debug).join(", ")}]`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

// The error that a host function has failed with; others are the guest's own.
function payload(error) {
  if (error.payload === undefined) throw error;
  return error.payload;
}

// A line for a call.
function line(what, call, name = (error) => debug(error.val ?? error.tag)) {
  try {
    return `${what}: ${debug(call())}\n`;
  } catch (error) {
    return `${what}: error ${name(payload(error))}\n`;
  }
}

function variable(query) {
  try {
    return `ok: ${variables.get(query.get("name"))}`;
  } catch (error) {
    const { tag, val } = payload(error);
    return `${tag}: ${val}`;
  }
}

// Calls every function, and leaves the store "default" as it was if that was empty.
function tour() {
  const open = (label) => line(`open ${label}`, () => (Store.open(label), unit));
  let store;
  let text = open("unlisted");
  const failed = line("open default", () => ((store = Store.open("default")), unit));
  if (!store) return text + failed;
  const set = (what, key, value) => line(what, () => (store.set(key, value), unit));
  const get = (what, key) => line(what, () => option(store.get(key)));
  const remove = (what, key) => line(what, () => (store.delete(key), unit));
  const exists = () => line("exists a", () => store.exists("a"));
  const keys = () => line("keys", () => store.getKeys().sort());
  const large = new Uint8Array(1 << 20).fill(7);
  const same = (value) => value.length === large.length && value.every((byte) => byte === 7);
  text += remove("delete a", "a") + exists() + get("get a", "a") + keys();
  text += set("set a", "a", encoder.encode("one")) + keys() + exists() + get("get a", "a");
  text += set("set a", "a", new Uint8Array([0, 255])) + get("get a", "a");
  text += set("set empty", "", new Uint8Array()) + get("get empty", "");
  text += set("set large", "large", large) + line("get large", () => same(store.get("large"))) + keys();
  for (const key of ["a", "a", "", "large"]) text += remove("delete", key);
  return text + keys() + open("second");
}

// The outcome of a call, without its name.
const outcome = (call) => line("", call).slice(2, -1);

function get(query) {
  return outcome(() => {
    const value = Store.open(query.get("store")).get(query.get("key"));
    return { rust: value === undefined ? "none" : decoder.decode(value) };
  });
}

function set(query) {
  return outcome(() => {
    Store.open(query.get("store")).set(query.get("key"), encoder.encode(query.get("value")));
    return { rust: "set" };
  });
}

const camel = (name) => name.replace(/(^|-)([a-z])/g, (_match, _dash, letter) => letter.toUpperCase());
const variant = ({ tag, val }) => camel(tag) + (val === undefined ? "" : `(${debug(val)})`);
const showError = (error) => `Error::${variant(error)}`;

// One of each type, for statements with parameters.
const parameters = [
  { tag: "integer", val: -(2n ** 63n) },
  { tag: "real", val: 2.5 },
  { tag: "text", val: "grüße" },
  { tag: "blob", val: new Uint8Array([0, 255]) },
  { tag: "null" },
];

// Runs statements one after the other.
function run(query) {
  let text = "";
  try {
    const db = Connection.open(query.get("db"));
    for (const sql of query.get("sql").split("\n")) {
      try {
        const { columns, rows } = db.execute(sql, parameters.slice(0, sql.split("?").length - 1));
        text += [debug(columns), ...rows.map(({ values }) => `[${values.map(variant).join(", ")}]`)].join(" ") + "\n";
      } catch (error) {
        text += showError(payload(error)) + "\n";
      }
    }
    return text;
  } catch (error) {
    return showError(payload(error)) + "\n";
  }
}

const kinds = {
  "no-entry": "NotFound",
  "not-permitted": "PermissionDenied",
  access: "PermissionDenied",
  "not-directory": "NotADirectory",
  exist: "AlreadyExists",
};
const kind = (error) => kinds[error] ?? "Uncategorized";

// Opens what is at a path below the first mount.
function open(path, flags = {}) {
  const [[top]] = getDirectories();
  return top.openAt({ symlinkFollow: true }, path.replace(/^\//, "") || ".", flags, { read: true });
}

// Reads in pieces of the host's choice.
function readAll(path) {
  const file = open(path);
  const pieces = [];
  for (let offset = 0n, over = false; !over; ) {
    const [piece, end] = file.read(1n << 16n, offset);
    pieces.push(decoder.decode(piece));
    offset += BigInt(piece.length);
    over = end;
  }
  return pieces.join("");
}

// The length of what a stream of the file has.
function length(path) {
  const stream = open(path).readViaStream(0n);
  let total = 0;
  try {
    for (;;) total += stream.blockingRead(1n << 16n).length;
  } catch (error) {
    if (payload(error).tag !== "closed") throw error;
    return total;
  }
}

function names(path) {
  const listing = open(path, { directory: true }).readDirectory();
  const list = [];
  for (let entry; (entry = listing.readDirectoryEntry()); ) {
    list.push(entry.name + (entry.type === "directory" ? "/" : ""));
  }
  return list.sort();
}

const read = (query) => line("read", () => readAll(query.get("path")), kind);
const list = (query) => line("list", () => names(query.get("path")), kind);
const size = (query) =>
  line("size", () => length(query.get("path")), kind) + line("metadata", () => open(query.get("path")).stat().size, kind);

export const granted = {
  "/v2": variable,
  "/2/tour": tour,
  "/2/get": get,
  "/2/set": set,
  "/2/run": run,
  "/2/read": read,
  "/2/size": size,
  "/2/list": list,
};
