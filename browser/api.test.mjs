// @ts-check
/**
 * The description of the interface for programs against what the server does: schemathesis makes
 * up questions from it, sound and unsound, and every answer has to be one that is described.
 *
 * `SCHEMATHESIS` is the program (from PyPI); without it the test is skipped.
 * @module
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { Program } from "./program.mjs";

const SCHEMATHESIS = process.env.SCHEMATHESIS;
/** Questions made up for each address. */
const EXAMPLES = process.env.EXAMPLES ?? "25";

test("every answer for programs is described", { skip: !SCHEMATHESIS && "no SCHEMATHESIS" }, async () => {
  const program = await Program.start();
  try {
    const run = spawnSync(String(SCHEMATHESIS), [
      "run",
      `${program.address}/api/v1/openapi.json`,
      "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
      "--max-examples", EXAMPLES,
      "--seed", "2004",
      "--workers", "1",
      "--no-color",
      "--request-timeout", "20",
    ], { encoding: "utf8", maxBuffer: 1 << 26, cwd: program.folder });
    assert.equal(run.status, 0, `${run.stdout.slice(-12_000)}\n${run.stderr.slice(-2_000)}`);
  } finally {
    await program.over();
  }
});
