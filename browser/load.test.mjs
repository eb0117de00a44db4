// @ts-check
/**
 * Two hundred readers at once while a scenario is carried out.
 *
 * `LOAD_SECONDS` is how long (5; the figures of the README are of 30), `LOAD_STRICT=1` holds the
 * ninety-ninth of a hundred answers against 50 ms, which takes a release build on a quiet
 * machine. `wrk` is from Debian; without it the test is skipped.
 * @module
 */

import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { promisify } from "node:util";
import { Program } from "./program.mjs";

const SECONDS = Number(process.env.LOAD_SECONDS ?? "5");
const READERS = 200;
const MOST_MS = 50;
const PATHS = [
  "/?on=2004-06-01",
  "/states/UZB?on=2008-11-01",
  "/pairs/RUS/BLR?on=2004-06-01",
  "/organizations/EurAsEC?on=2003-01-01",
  "/api/v1/states/UZB?on=2008-11-01",
];

const isThere = spawnSync("wrk", ["--version"]).error === undefined;

/** Megabytes that the program holds. @param {Program} program */
function held(program) {
  const status = readFileSync(`/proc/${program.child.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** @param {string} text such as 12.3ms */
function milliseconds(text) {
  const [, number, unit] = /([\d.]+)(us|ms|s)/.exec(text) ?? ["", "NaN", "ms"];
  return Number(number) * { us: 0.001, ms: 1, s: 1_000 }[/** @type {"us" | "ms" | "s"} */ (unit)];
}

test("two hundred readers at once", { skip: !isThere && "no wrk" }, async (context) => {
  const program = await Program.start();
  let over = false;
  try {
    const desk = await program.post("/lab/start", { scenario: "single-economic-space-2004" });
    let runs = 0;
    const running = (async () => {
      while (!over) {
        const run = await program.post(`${desk}/run`, {});
        runs += 1;
        for (;;) {
          const { state } = await program.ask(`/api/v1${run}`);
          if (over || (state.is !== "queued" && state.is !== "running")) break;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        await program.post(`${run}/delete`, {});
      }
    })();
    const wrk = async (/** @type {string} */ path, /** @type {number} */ seconds) => {
      const { stdout } = await promisify(execFile)("wrk", [
        "-t1", `-c${READERS}`, `-d${seconds}s`, "--latency", program.address + path,
      ]);
      return stdout;
    };
    await wrk(PATHS[0], 1);
    const before = held(program);
    for (const path of PATHS) {
      const said = await wrk(path, Math.max(1, Math.round(SECONDS / PATHS.length)));
      const latest = milliseconds(/99%\s+(\S+)/.exec(said)?.[1] ?? "");
      const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(said)?.[1]);
      context.diagnostic(`${path}: ${rate.toFixed(0)} answers a second, 99 of 100 within ${latest} ms`);
      assert.ok(!/Socket errors|Non-2xx/.test(said), said);
      if (process.env.LOAD_STRICT) assert.ok(latest < MOST_MS, `${path}: ${latest} ms`);
    }
    const after = held(program);
    over = true;
    await running;
    context.diagnostic(`${runs} runs meanwhile; ${before.toFixed(0)} MB before, ${after.toFixed(0)} MB after`);
    assert.ok(after < before + 40, `memory is flat: ${before} MB, then ${after} MB`);
  } finally {
    over = true;
    await program.over();
  }
});
