//! What must have been reached by when, worked out again from what happened. Times are milliseconds, steps a list.

/// The steps of one kind of alert, in milliseconds, and how often the last is taken again.
#[derive(Clone, Debug)]
pub struct Steps {
    pub after: Vec<i64>,
    pub every: Option<i64>,
}

/// One alert as the oracle knows it.
#[derive(Clone, Debug)]
pub struct Oracle {
    pub amber: Steps,
    pub red: Steps,
    pub is_red: bool,
    pub taken: bool,
    pub level: usize,
    since: i64,
    reached: i64,
    /// What is owed sooner than the steps say: by a board that did not show it, or by what it was before it rose.
    owed: Option<i64>,
    /// When the watch ends at which it is to be said.
    shift_ends: Option<i64>,
    /// No board has shown it, and one was to.
    unseen: bool,
    pub quiet_until: Option<i64>,
    pub show_by: Option<i64>,
    pub seq: i64,
    pub spoke_seq: i64,
}

const HOUR: i64 = 3_600_000;

/// What is said.
pub type Line = &'static str;

impl Oracle {
    pub fn new(amber: Steps, red: Steps, is_red: bool, now: i64) -> Self {
        let mut oracle = Self {
            amber,
            red,
            is_red,
            taken: false,
            level: 0,
            since: now,
            reached: now,
            owed: None,
            shift_ends: None,
            unseen: false,
            quiet_until: None,
            show_by: Some(now + 15_000),
            seq: 1,
            spoke_seq: 1,
        };
        oracle.watch(now);
        oracle
    }

    /// What is red and nobody's while somebody watches is said when they go: at eight in the evening.
    fn watch(&mut self, now: i64) {
        let (day, time) = (now.div_euclid(24 * HOUR), now.rem_euclid(24 * HOUR));
        if self.taken {
            self.shift_ends = None;
        } else if self.is_red && self.shift_ends.is_none() && (8 * HOUR..20 * HOUR).contains(&time)
        {
            self.shift_ends = Some(day * 24 * HOUR + 20 * HOUR);
        }
    }

    /// No board shows it: nobody waits for the first step that leads off the board.
    fn hurries(&self) -> bool {
        let first_off_the_board = if self.is_red { 1 } else { 2 };
        self.unseen && self.level < first_off_the_board
    }

    fn steps(&self) -> &Steps {
        if self.is_red { &self.red } else { &self.amber }
    }

    /// When the next level is due.
    pub fn next(&self) -> Option<i64> {
        if self.taken {
            return None;
        }
        let steps = self.steps();
        let by_steps = match steps.after.get(self.level) {
            Some(after) => Some(self.since + after),
            None => steps.every.map(|every| {
                let mut at = self.since + steps.after.last().unwrap_or(&0) + every;
                while at <= self.reached {
                    at += every;
                }
                at
            }),
        };
        [self.owed, by_steps].into_iter().flatten().min()
    }

    fn begins(&mut self, now: i64) {
        self.level = 0;
        self.since = now;
        self.reached = now;
        self.owed = None;
    }

    fn speaks(&mut self, now: i64) {
        self.quiet_until = None;
        let by = now + 15_000;
        self.show_by = Some(self.show_by.map_or(by, |owed| owed.min(by)));
        self.spoke_seq = self.seq;
        if self.taken {
            self.taken = false;
            self.begins(now);
        }
        self.watch(now);
    }

    fn says(&mut self, line: Line) -> Line {
        self.seq += 1;
        line
    }

    pub fn rises(&mut self, now: i64) -> Line {
        let line = self.says("severity_rose");
        let owed = self.next();
        self.is_red = true;
        if self.taken {
            self.speaks(now);
        } else {
            self.speaks(now);
            self.begins(now);
            self.owed = owed;
        }
        line
    }

    pub fn falls_further(&mut self, now: i64) -> Line {
        let line = self.says("fell_further");
        self.speaks(now);
        line
    }

    pub fn lets_go(&mut self, now: i64) -> Option<Line> {
        if !self.taken {
            return None;
        }
        let line = self.says("let_go");
        self.speaks(now);
        Some(line)
    }

    fn is_seen(&mut self) {
        self.show_by = None;
        self.unseen = false;
    }

    pub fn is_taken(&mut self, seen: i64) -> Option<Line> {
        if self.taken || seen < self.spoke_seq {
            return None;
        }
        self.taken = true;
        self.shift_ends = None;
        self.is_seen();
        Some(self.says("acknowledged"))
    }

    /// Whether it may be quiet. `anothers`: a colleague has it.
    pub fn is_snoozed(&mut self, until: i64, seen: i64, anothers: bool, now: i64) -> Option<Line> {
        let span = until - now;
        let fits = (300_000..=8 * 3_600_000).contains(&span);
        if self.is_red || seen < self.spoke_seq || anothers || !fits {
            return None;
        }
        self.taken = true;
        self.shift_ends = None;
        self.quiet_until = Some(until);
        self.is_seen();
        Some(self.says("snoozed"))
    }

    pub fn is_passed_on(&mut self, now: i64) -> Line {
        self.level += 1;
        self.reached = now;
        self.owed = None;
        self.watch(now);
        self.says("escalated_by_hand")
    }

    pub fn is_shown(&mut self, seen: i64, now: i64) -> bool {
        let news = self.show_by.is_some() && seen >= self.spoke_seq;
        if news {
            self.is_seen();
            self.seq += 1;
            self.watch(now);
        }
        news
    }

    /// Time has come to `now`: everything that is due, each once, in order.
    pub fn sweeps(&mut self, now: i64) -> Vec<(Line, usize)> {
        let mut said = Vec::new();
        if self.show_by.is_some_and(|by| by <= now) {
            self.show_by = None;
            said.push((self.says("not_shown"), self.level));
            self.unseen = true;
            if !self.taken && self.hurries() {
                self.owed = Some(now);
            }
            self.watch(now);
        }
        if self.quiet_until.is_some_and(|until| until <= now) {
            let line = self.says("snooze_ended");
            self.speaks(now);
            said.push((line, self.level));
        }
        if !self.taken && self.shift_ends.is_some_and(|at| at <= now) {
            self.shift_ends = None;
            said.push((self.says("left_at_shift_end"), self.level));
        }
        while self.next().is_some_and(|at| at <= now) {
            self.level += 1;
            self.reached = now;
            self.owed = self.hurries().then_some(now);
            said.push((self.says("escalated"), self.level));
            self.watch(now);
        }
        said
    }
}
