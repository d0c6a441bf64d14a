//! One dialogue with a mail server.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Books, Fault, Letter, NAME, NOBODY, PASSWORD, Step};

/// The line is gone, or is to go.
struct Over;

struct Dialogue<L> {
    line: L,
    /// Heard and not yet looked at.
    ahead: Vec<u8>,
    books: Arc<Books>,
    under_tls: bool,
    greeted: bool,
    by: Option<String>,
    from: Option<String>,
    to: Vec<String>,
}

pub async fn hold(socket: TcpStream, books: Arc<Books>) {
    let acceptor = books.acceptor.clone();
    if books.setup.tls {
        let Ok(line) = acceptor.accept(socket).await else {
            return;
        };
        let mut dialogue = Dialogue::new(line, books, true);
        if dialogue.greets().await.is_ok() {
            let _ = dialogue.goes_on().await;
        }
        return;
    }
    let mut dialogue = Dialogue::new(socket, Arc::clone(&books), false);
    if dialogue.greets().await.is_err() {
        return;
    }
    let Ok(Next::Tls) = dialogue.goes_on().await else {
        return;
    };
    // What was said and heard before counts for nothing.
    let Ok(line) = acceptor.accept(dialogue.line).await else {
        return;
    };
    let _ = Dialogue::new(line, books, true).goes_on().await;
}

/// How a dialogue ends.
enum Next {
    Tls,
    Nothing,
}

impl<L: AsyncRead + AsyncWrite + Unpin + Send> Dialogue<L> {
    fn new(line: L, books: Arc<Books>, under_tls: bool) -> Self {
        Self {
            line,
            ahead: Vec::new(),
            books,
            under_tls,
            greeted: false,
            by: None,
            from: None,
            to: Vec::new(),
        }
    }

    async fn greets(&mut self) -> Result<(), Over> {
        self.answer(Step::Greeting, "220 mail.example.nhs.uk ready")
            .await
            .map(drop)
    }

    async fn goes_on(&mut self) -> Result<Next, Over> {
        loop {
            let line = self.hear().await?;
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match (verb.to_ascii_uppercase().as_str(), rest) {
                ("EHLO", name) => self.hello(name).await?,
                _ if !self.greeted => self.say("503 say EHLO first").await?,
                ("STARTTLS", _) if self.books.setup.starttls && !self.under_tls => {
                    let behind = self.books.setup.put_behind_starttls;
                    let go = format!("220 go ahead\r\n{behind}");
                    if self
                        .answer(Step::StartTls, go.trim_end_matches("\r\n"))
                        .await?
                    {
                        return Ok(Next::Tls);
                    }
                }
                _ if self.books.setup.starttls && !self.under_tls && verb != "QUIT" => {
                    self.say("530 5.7.0 must issue STARTTLS first").await?;
                }
                ("AUTH", how) => self.sign_in(how).await?,
                ("MAIL" | "RCPT", _) if !self.may_send() => {
                    self.say("530 5.7.0 authentication required").await?;
                }
                ("MAIL", rest) => self.mail(rest).await?,
                ("RCPT", rest) => self.recipient(rest).await?,
                ("DATA", _) => self.data().await?,
                ("QUIT", _) => {
                    self.answer(Step::Goodbye, "221 bye").await?;
                    return Ok(Next::Nothing);
                }
                _ => self.say("502 5.5.1 not known here").await?,
            }
        }
    }

    fn may_send(&self) -> bool {
        self.books.setup.sign_in.is_empty() || self.by.is_some()
    }

    async fn hello(&mut self, name: &str) -> Result<(), Over> {
        if name.is_empty() {
            return self.say("501 who are you?").await;
        }
        let setup = self.books.setup;
        let mut offers = vec!["mail.example.nhs.uk".to_owned(), "SIZE 1000000".to_owned()];
        if setup.starttls && !self.under_tls {
            offers.push("STARTTLS".to_owned());
        } else if !setup.sign_in.is_empty() {
            offers.push(format!("AUTH {}", setup.sign_in));
        }
        offers.push("8BITMIME".to_owned());
        let last = offers.len() - 1;
        let lines: Vec<String> = offers
            .iter()
            .enumerate()
            .map(|(at, offer)| format!("250{}{offer}", if at == last { ' ' } else { '-' }))
            .collect();
        self.greeted = self.answer(Step::Hello, &lines.join("\r\n")).await?;
        Ok(())
    }

    async fn sign_in(&mut self, how: &str) -> Result<(), Over> {
        let (way, first) = how.split_once(' ').unwrap_or((how, ""));
        if !self
            .books
            .setup
            .sign_in
            .split(' ')
            .any(|known| known == way)
        {
            return self.say("504 5.5.4 not this way").await;
        }
        let decode = |text: &str| {
            let bytes = STANDARD.decode(text.trim()).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let (name, password) = if way == "PLAIN" {
            let whole = decode(first);
            let mut parts = whole.split('\0').skip(1).map(str::to_owned);
            (
                parts.next().unwrap_or_default(),
                parts.next().unwrap_or_default(),
            )
        } else {
            self.say(&format!("334 {}", STANDARD.encode("Username:")))
                .await?;
            let name = decode(&self.hear().await?);
            self.say(&format!("334 {}", STANDARD.encode("Password:")))
                .await?;
            (name, decode(&self.hear().await?))
        };
        if name != NAME || password != PASSWORD {
            return self.say("535 5.7.8 no").await;
        }
        if self.answer(Step::SignIn, "235 2.7.0 welcome").await? {
            self.by = Some(name);
        }
        Ok(())
    }

    async fn mail(&mut self, rest: &str) -> Result<(), Over> {
        let Some(from) = between_brackets(rest, "FROM:") else {
            return self.say("501 5.5.4 FROM:<…>").await;
        };
        if self.answer(Step::From, "250 2.1.0 go on").await? {
            (self.from, self.to) = (Some(from), Vec::new());
        }
        Ok(())
    }

    async fn recipient(&mut self, rest: &str) -> Result<(), Over> {
        let to = between_brackets(rest, "TO:");
        let (Some(to), true) = (to, self.from.is_some()) else {
            return self.say("503 5.5.1 MAIL first, then TO:<…>").await;
        };
        if to == NOBODY {
            return self.say("550 5.1.1 no such mailbox").await;
        }
        if self.answer(Step::To, "250 2.1.5 go on").await? {
            self.to.push(to);
        }
        Ok(())
    }

    async fn data(&mut self) -> Result<(), Over> {
        if self.to.is_empty() {
            return self.say("503 5.5.1 to whom?").await;
        }
        if !self.answer(Step::Data, "354 until a lone dot").await? {
            return Ok(());
        }
        let mut text = String::new();
        loop {
            let line = self.hear().await?;
            if line == "." {
                break;
            }
            // A dot that was doubled on the way.
            text.push_str(line.strip_prefix('.').unwrap_or(&line));
            text.push_str("\r\n");
        }
        let letter = Letter {
            from: self.from.take().unwrap_or_default(),
            to: std::mem::take(&mut self.to),
            text,
            under_tls: self.under_tls,
            by: self.by.clone(),
        };
        let books = Arc::clone(&self.books);
        let take = move || books.letters.lock().unwrap().push(letter);
        self.answer_after(Step::Letter, "250 2.0.0 taken", take)
            .await
            .map(drop)
    }

    /// Whether the step was taken.
    async fn answer(&mut self, step: Step, words: &str) -> Result<bool, Over> {
        self.answer_after(step, words, || {}).await
    }

    async fn answer_after(
        &mut self,
        step: Step,
        words: &str,
        take: impl FnOnce() + Send,
    ) -> Result<bool, Over> {
        let fault = {
            let mut faults = self.books.faults.lock().unwrap();
            let is_now = faults.front().is_some_and(|(at, _)| *at == step);
            if is_now { faults.pop_front() } else { None }
        };
        match fault.map(|(_, fault)| fault) {
            None => {
                take();
                self.say(words).await?;
                Ok(true)
            }
            Some(Fault::Says(other)) => {
                self.say(other).await?;
                Ok(false)
            }
            Some(Fault::HangsUp) => Err(Over),
            Some(Fault::TakesAndHangsUp) => {
                take();
                Err(Over)
            }
            Some(Fault::Waits(time)) => {
                take();
                tokio::time::sleep(time).await;
                let said = self.say(words).await;
                if said.is_err() || self.is_gone().await {
                    *self.books.answered_nobody.lock().unwrap() += 1;
                }
                said.map(|()| true)
            }
        }
    }

    /// Whether the other side has closed the line; what it says instead is kept.
    async fn is_gone(&mut self) -> bool {
        let mut some = [0; 512];
        let read = tokio::time::timeout(Duration::from_millis(50), self.line.read(&mut some));
        match read.await {
            Ok(Ok(count @ 1..)) => {
                self.ahead
                    .extend_from_slice(some.get(..count).unwrap_or_default());
                false
            }
            Ok(_) => true,
            Err(_) => false,
        }
    }

    async fn say(&mut self, words: &str) -> Result<(), Over> {
        let said = self.line.write_all(format!("{words}\r\n").as_bytes()).await;
        said.map_err(|_| Over)?;
        self.line.flush().await.map_err(|_| Over)
    }

    /// One line, without its end. A bare line break is an error, as it is to real servers.
    async fn hear(&mut self) -> Result<String, Over> {
        loop {
            if let Some(at) = self.ahead.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.ahead.drain(..=at).collect();
                let Some(line) = line.strip_suffix(b"\r\n") else {
                    let _ = self.say("500 5.5.2 bare line break").await;
                    return Err(Over);
                };
                let line = String::from_utf8_lossy(line).into_owned();
                self.books
                    .heard
                    .lock()
                    .unwrap()
                    .push((self.under_tls, line.clone()));
                return Ok(line);
            }
            let mut some = [0; 4096];
            let count = self.line.read(&mut some).await.map_err(|_| Over)?;
            if count == 0 {
                return Err(Over);
            }
            self.ahead
                .extend_from_slice(some.get(..count).unwrap_or_default());
        }
    }
}

fn between_brackets(text: &str, before: &str) -> Option<String> {
    let start = text.get(..before.len())?;
    let rest = text.get(before.len()..)?.trim();
    let inner = rest.strip_prefix('<')?.split_once('>')?.0;
    start.eq_ignore_ascii_case(before).then(|| inner.to_owned())
}
