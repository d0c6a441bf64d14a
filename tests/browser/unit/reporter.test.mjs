// The reporter decides what is counted, so it must not be kind.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import test from "node:test";

const reporter = path.resolve(import.meta.dirname, "../lib/reporter.mjs");

function report(source) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "wardlight-reporter-"));
  try {
    const file = path.join(folder, "planted.test.mjs");
    writeFileSync(file, `import test, { describe } from "node:test";\n${source}`);
    // A runner inside a runner reports to the outer one unless it is told that there is none.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const run = spawnSync(process.execPath, ["--test", `--test-reporter=${reporter}`, file], { encoding: "utf8", env });
    return { said: run.stdout, code: run.status };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("passing, failing, skipped and nested tests are told apart", () => {
  const { said, code } = report(`
    test("good", () => {});
    test("bad", () => { throw new Error("planted reason"); });
    test("left out", { skip: true }, () => {});
    test("to be written", { todo: true }, () => { throw new Error("not yet"); });
    describe("a group", () => { test("inner", () => {}); });
  `);
  assert.notEqual(code, 0);
  assert.match(said, /^running node tests$/m);
  assert.match(said, /^test planted::good \.\.\. ok$/m);
  assert.match(said, /^test planted::bad \.\.\. FAILED$/m);
  assert.match(said, /^test planted::left out \.\.\. ignored$/m);
  assert.match(said, /^test planted::to be written \.\.\. ignored$/m);
  assert.match(said, /^test planted::inner \.\.\. ok$/m);
  assert.match(said, /planted reason/);
  assert.match(said, /^test result: FAILED\. 2 passed; 1 failed; 2 ignored;/m);
});

test("a file that does not even load has failed", () => {
  const { said, code } = report(`import "./nowhere.mjs";`);
  assert.notEqual(code, 0);
  assert.match(said, /^test result: FAILED\. 0 passed; 1 failed;/m);
});

test("a group whose set-up breaks has failed", () => {
  const { said, code } = report(`import { before } from "node:test";
    describe("a group", () => { before(() => { throw new Error("no ward"); }); test("inner", () => {}); });`);
  assert.notEqual(code, 0);
  assert.doesNotMatch(said, /^test result: ok/m);
});
