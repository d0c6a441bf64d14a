// Small wards for the tests.

export const SAM = 'aaaaaaaa-0000-4000-8000-000000000001';
export const ANN = 'aaaaaaaa-0000-4000-8000-000000000002';
export const EPOCH = 'eeeeeeee-0000-4000-8000-000000000001';
export const COPELAND = 'stay-copeland';
export const SHAH = 'stay-shah';
export const KOWALSKI = 'stay-kowalski';

const NAMES = { [COPELAND]: 'COPELAND, Ann', [SHAH]: 'SHAH, Imran', [KOWALSKI]: 'KOWALSKI, Jan' };

/** Seconds after eight in the morning. */
export const at = (seconds) => new Date(Date.UTC(2026, 10, 21, 8, 0, seconds)).toISOString();

export const point = (spo2_percent, seconds = 0, more = {}) => ({
  at: at(seconds),
  spo2_percent,
  pulse_bpm: 80,
  band: spo2_percent <= 92 ? 'red' : spo2_percent <= 94 ? 'amber' : 'green',
  doubtful: false,
  ...more,
});

export const row = (stay, alerts = []) => ({
  stay,
  name: NAMES[stay] ?? stay,
  birth_date: '09-Mar-1948',
  nhs_number: '999 476 5919',
  phone: '01632 960123',
  language: '',
  call_needs: '',
  team: '',
  away: null,
  address: '3 Weavers’ Row',
  door_access: 'Key safe',
  others_at_home: 'Lives alone',
  oxygen_at_home: 'None',
  escalation_plan: 'For hospital',
  plan: { spo2_scale: 1, red_at_or_below: 92, amber_at_or_below: 94 },
  trend: [point(96)],
  last_tried_at: at(0),
  alerts,
});

export const alert = (number, stay, more = {}) => {
  const made = {
    number,
    spoken: `PEN ${number}`,
    stay,
    bridge: null,
    device_address: null,
    problem: 'oxygen',
    technical: false,
    kind: more.technical ? 'technical' : more.problem === 'silence' ? 'silence' : 'clinical',
    severity: 'red',
    confirmation: 'unconfirmed',
    condition: 'red',
    doubtful: false,
    raised_at: at(0),
    spoke_seq: number,
    severity_since: at(0),
    spoke_at: at(0),
    worst_percent: 88,
    first_low_at: at(0),
    last_low_at: at(0),
    lows: 1,
    recheck_by: null,
    unseen: false,
    acknowledged: null,
    assigned_by: null,
    resolved: null,
    outcome: null,
    candidates: [],
    detail: null,
    ...more,
  };
  const ranks = { red: [6, 4], amber: [5, 3], low: [2, 1] };
  return { ...made, rank: made.resolved ? 0 : ranks[made.severity][made.acknowledged ? 1 : 0] };
};

export const board = (more = {}) => ({
  ward: { id: 'ward', code: 'PEN', name: 'Pendle virtual ward', phone: '01632 960010', time_zone: 'Europe/London' },
  epoch: EPOCH,
  as_of: 100,
  server_time: at(0),
  you: { clinician: SAM, name: 'Sam Cole', may_act: true, may_take_duty: true, filter: { team: '', language: '', state: '' } },
  rows: [row(COPELAND), row(SHAH)],
  technical: [],
  staff: {},
  shift: { on_duty: [], colleagues: [], audio_pause: null, open_notes: 0, staffed: Array(7).fill({ from: '08:00:00', until: '20:00:00' }) },
  ...more,
});

export const frame = (seq, event) => ({ type: 'event', seq, at: at(seq), event });
export const alertFrame = (seq, changed, change = 'raised') => frame(seq, { kind: 'alert', change, speaks: true, alert: changed });
export const readings = (seq, stay, points, attempts = 0) => frame(seq, { kind: 'readings', stay, points, attempts });
