// A real, seeded Wardlight service on a folder of its own, that a test may stop, kill and start again.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const program = process.env.WARDLIGHT_BIN ?? path.resolve(import.meta.dirname, "../../../target/debug/wardlight");

/** The service's address, and what `wardlight demo-seed` has put into it. */
export class Ward {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #process;

  /** @param {string} folder @param {any} seed @param {Record<string, string>} environment */
  constructor(folder, seed, environment) {
    this.folder = folder;
    this.environment = environment;
    this.id = seed.ward;
    this.timeZone = seed.time_zone;
    this.address = seed.address;
    this.users = seed.users;
    this.bridges = seed.bridges;
    this.patients = seed.patients;
  }

  /** The ward's day, so many days ago. @param {number} [daysAgo] */
  day(daysAgo = 0) {
    return new Intl.DateTimeFormat("en-CA", { timeZone: this.timeZone }).format(Date.now() - daysAgo * 86_400_000);
  }

  /** Starts the service and waits until it says that it is ready. */
  async start() {
    const log = await open(path.join(this.folder, "service.log"), "a");
    const args = ["serve", "--config", path.join(this.folder, "wardlight.toml")];
    const child = spawn(program, args, { cwd: this.folder, env: { ...process.env, ...this.environment }, stdio: ["ignore", log.fd, log.fd] });
    this.#process = child;
    await log.close();
    for (let tries = 0; tries < 300; tries += 1) {
      if (child.exitCode !== null) {
        throw new Error(`the service ended by itself:\n${await this.log()}`);
      }
      if (await isReady(this.address)) {
        return;
      }
      await pause(100);
    }
    throw new Error(`the service was not ready within 30 s:\n${await this.log()}`);
  }

  /** Ends the service: "SIGTERM" asks, "SIGKILL" is the power cut, and "SIGSTOP" a hang, which "SIGCONT" ends. */
  async signal(name = "SIGTERM") {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    child.kill(name);
    if (name === "SIGTERM" || name === "SIGKILL") {
      await once(child, "exit");
    }
  }

  /** What the service has logged so far. */
  async log() {
    return readFile(path.join(this.folder, "service.log"), "utf8");
  }
}

/**
 * A zone in which it is between one and two in the afternoon: a ward is staffed by day, and what is told to whom is another thing by
 * night. So a story ends the same whenever it is told.
 */
function whereItIsDay() {
  const ahead = ((13 - new Date().getUTCHours() + 35) % 24) - 11;
  // These zones are counted the other way round.
  return ahead === 0 ? "Etc/GMT" : `Etc/GMT${ahead > 0 ? "-" : "+"}${Math.abs(ahead)}`;
}

/**
 * Seeds a ward, runs the story against it, and leaves nothing behind.
 *
 * @template T
 * @param {(ward: Ward) => Promise<T>} story
 * @param {{ daysBefore?: number, crowd?: number, environment?: Record<string, string> }} [how]  days that lie behind the ward,
 *   more people on it, the service's environment
 * @returns {Promise<T>}
 */
export async function withWard(story, { daysBefore = 0, crowd = 0, environment = {} } = {}) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "wardlight-ward-"));
  let ward;
  try {
    const config = path.join(folder, "wardlight.toml");
    const listen = `127.0.0.1:${await freePort()}`;
    const more = [...(daysBefore > 0 ? ["--days-before", String(daysBefore)] : []), ...(crowd > 0 ? ["--crowd", String(crowd)] : [])];
    const args = ["demo-seed", "--config", config, "--listen", listen, "--time-zone", whereItIsDay(), ...more];
    const { stdout } = await promisify(execFile)(program, args, { cwd: folder });
    ward = new Ward(folder, JSON.parse(stdout.trim().split("\n").at(-1) ?? ""), environment);
    await ward.start();
    return await story(ward);
  } finally {
    // Killed: a service that hangs must not keep the test waiting, and its folder goes anyway.
    await ward?.signal("SIGKILL");
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * A seeded ward that all stories of one file share: open it before the first, close it after the last.
 *
 * @param {Parameters<typeof withWard>[1]} [how]
 * @returns {Promise<{ ward: Ward, close: () => Promise<void> }>}
 */
export async function shared(how) {
  let over = () => {};
  const closing = new Promise((done) => (over = () => done(undefined)));
  let ended = Promise.resolve();
  const ward = await new Promise((opened, failed) => {
    ended = withWard(async (ward) => {
      opened(ward);
      await closing;
    }, how);
    ended.catch(failed);
  });
  return {
    ward,
    close: () => {
      over();
      return ended;
    },
  };
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** @param {string} address */
function isReady(address) {
  return new Promise((resolve) => {
    const request = http.get(new URL("/readyz", address), { timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}
