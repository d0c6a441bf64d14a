// A bridge that a test speaks for: it enrols and posts readings over HTTP, as the one in a patient's home does.
import { randomUUID } from "node:crypto";

/** The people of the seeded ward whom the stories are about, by what the demo has their days be like. */
export const PEOPLE = {
  HUSSAIN: "sudden_fall",
  WHITTAKER: "slow_fall",
  ASHWORTH: "copd_88_92",
  PICKLES: "finger_out",
  NOWAK: "poor_signal",
};

export class Bridge {
  /** @param {string} address @param {string} token @param {Map<string, string>} oximeters */
  constructor(address, token, oximeters) {
    this.address = address;
    this.token = token;
    this.oximeters = oximeters;
  }

  /**
   * Trades the seeded one-time code for a token.
   *
   * @param {import("./ward.mjs").Ward} ward
   */
  static async enrol(ward) {
    const [{ enrolment_code, devices }] = ward.bridges;
    const { token } = await post(ward.address, "/api/bridge/enrol", { code: enrolment_code, version: "test" });
    return new Bridge(ward.address, token, new Map(devices.map((device) => [device.scenario, device.address])));
  }

  /**
   * One value, measured now; answers what the service made of it.
   *
   * @param {string} who  one of PEOPLE, or the address of an oximeter
   * @param {number} spo2_percent
   * @param {{ pulse_bpm?: number, doubts?: string[], measuredAt?: Date }} [more]
   */
  async reading(who, spo2_percent, { pulse_bpm = 84, doubts = [], measuredAt = new Date() } = {}) {
    return this.#send(who, measuredAt, { kind: "window", spo2_percent, pulse_bpm, doubts });
  }

  /**
   * A measurement that gave no value.
   *
   * @param {string} who
   * @param {string} reason
   */
  async attempt(who, reason) {
    return this.#send(who, new Date(), { kind: "attempt", reason });
  }

  /** @param {string} who @param {Date} measuredAt @param {object} measured */
  async #send(who, measuredAt, measured) {
    const device_address = this.oximeters.get(who) ?? who;
    const reading = { id: randomUUID(), device_address, measured_at: measuredAt.toISOString(), measured };
    const batch = { sent_at: new Date().toISOString(), readings: [reading] };
    const { answers } = await post(this.address, "/api/bridge/readings", batch, this.token);
    return answers[0].answer;
  }
}

/** @param {string} address @param {string} path @param {object} body @param {string} [token] */
async function post(address, path, body, token) {
  const response = await fetch(new URL(path, address), {
    method: "POST",
    headers: { "content-type": "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`POST ${path} was answered with ${response.status}: ${await response.text()}`);
  }
  return response.json();
}
