// @ts-check
/**
 * The program and the browser, started and stopped for a check.
 *
 * `ACQUIS` is the program's binary, `CHROMIUM` the browser's, each with a usual place.
 * @module
 */

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));
const PROGRAM = process.env.ACQUIS ?? join(REPOSITORY, "target/debug/acquis");
const CHROMIUM = process.env.CHROMIUM
  ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** How long a program may take until its first page can be opened. */
const START_MS = 30_000;

/** A new folder for scenarios and runs. */
export const newFolder = () => mkdtempSync(join(tmpdir(), "acquis-browser-"));

/** The program as a server. */
export class Program {
  /**
   * @param {import("node:child_process").ChildProcess} child
   * @param {string} address of the first page, without a slash at its end
   * @param {string} folder
   */
  constructor(child, address, folder) {
    this.child = child;
    this.address = address;
    this.folder = folder;
  }

  /** @param {string} [folder] what an earlier one kept */
  static async start(folder = newFolder()) {
    const { child, address } = await Program.#run(folder);
    return new Program(child, address, folder);
  }

  /** @param {string} folder */
  static async #run(folder) {
    const child = spawn(PROGRAM, ["serve", "--no-open", "--port", "0", "--data-dir", folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const late = setTimeout(() => child.kill("SIGKILL"), START_MS);
    try {
      for await (const line of createInterface({ input: child.stdout })) {
        const found = /http:\/\/\S+/.exec(line);
        if (found) return { child, address: found[0].replace(/\/$/, "") };
      }
    } finally {
      clearTimeout(late);
    }
    throw new Error(`${PROGRAM} did not start`);
  }

  /** Ends it and waits until it is gone. @param {NodeJS.Signals} [signal] */
  async end(signal = "SIGTERM") {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill(signal);
    await gone;
  }

  /** Ends it and starts it again in the same folder, at another address. @param {NodeJS.Signals} [signal] */
  async again(signal) {
    await this.end(signal);
    const { child, address } = await Program.#run(this.folder);
    this.child = child;
    this.address = address;
  }

  /**
   * What a form leads to that is posted from a page of its own.
   * @param {string} path
   * @param {Record<string, string>} fields
   */
  async post(path, fields) {
    const answer = await fetch(this.address + path, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { origin: this.address },
      redirect: "manual",
    });
    if (answer.status !== 303) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.headers.get("location") ?? "";
  }

  /** Ends it and takes its folder away. */
  async over() {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** An answer for programs. @param {string} path @returns {Promise<any>} */
  async ask(path) {
    const answer = await fetch(this.address + path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}

/** A browser without a window. */
export const browse = () => chromium.launch({
  executablePath: CHROMIUM,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

/** The program and a browser for the tests of a file; both end after them. */
export async function begin() {
  const program = await Program.start();
  after(() => program.over());
  const browser = await browse();
  after(() => browser.close());
  return { program, browser };
}

/**
 * Listens to a page: what it writes to the console, what fails, what it asks of other machines.
 * @param {import("playwright-core").Page} page
 * @param {string} address of the program
 */
export function listen(page, address) {
  /** @type {string[]} */
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    const asked = request.url();
    if (!asked.startsWith(address) && !/^(data|blob|about):/.test(asked)) {
      complaints.push(`asks another machine: ${asked}`);
    }
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  return complaints;
}
