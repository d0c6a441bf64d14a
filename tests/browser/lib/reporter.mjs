// Reports like Rust's own test runner, so that one reader understands both: `test <file>::<title> ... ok`, and the sum.
import path from "node:path";

/** @param {AsyncIterable<{type: string, data: any}>} events */
export default async function* report(events) {
  const counts = { passed: 0, failed: 0, ignored: 0 };
  const failures = [];
  const printed = [];
  yield "\nrunning node tests\n";
  for await (const { type, data } of events) {
    if (type === "test:stdout" || type === "test:stderr") {
      printed.push(data.message);
    }
    if ((type !== "test:pass" && type !== "test:fail") || isContainer(data)) {
      continue;
    }
    const name = `${stem(data.file)}::${data.name}`;
    // A test that is left out, or that somebody means to write, has shown nothing.
    if (data.skip !== undefined || data.todo !== undefined) {
      counts.ignored += 1;
      yield `test ${name} ... ignored\n`;
    } else if (type === "test:pass") {
      counts.passed += 1;
      yield `test ${name} ... ok\n`;
    } else {
      counts.failed += 1;
      failures.push(`---- ${name}\n${reason(data)}\n`);
      yield `test ${name} ... FAILED\n`;
    }
  }
  if (failures.length > 0) {
    yield `\nfailures:\n\n${failures.join("\n")}\nprinted by the tests:\n${printed.join("")}\n`;
  }
  const verdict = counts.failed === 0 ? "ok" : "FAILED";
  yield `\ntest result: ${verdict}. ${counts.passed} passed; ${counts.failed} failed; ${counts.ignored} ignored; 0 measured; 0 filtered out\n`;
}

/** A suite repeats what its tests have said, unless it failed by itself: in a hook, say. */
function isContainer(data) {
  if (data.details?.type !== "suite") {
    return false;
  }
  return data.details.error === undefined || data.details.error.failureType === "subtestsFailed";
}

function stem(file) {
  return path.basename(file ?? "unknown").replace(/\.test\.m?js$/, "");
}

/** What went wrong: node wraps the thrown error in one of its own. */
function reason(data) {
  const error = data.details?.error;
  const cause = error?.cause ?? error;
  return String(cause?.stack ?? cause ?? "no reason given");
}
