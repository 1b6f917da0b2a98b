//! The example, running.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use dpp_core::service::ResolverStats;
use dpp_examples::resolver::{Options, ServeError, run_until};
use serde_json::Value;
use tokio::sync::oneshot;

use crate::client::{Answer, request, send};

/// A name that nothing is known of, as an app would have.
pub(crate) const PHONE: &str = "Nordlin/1.0";

/// Where it listens, as it says itself.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) told: Value,
    pub(crate) host: String,
    pub(crate) paths: Vec<String>,
}

impl Place {
    fn read(line: &str) -> Self {
        let told: Value = serde_json::from_str(line).unwrap();
        let paths = told["paths"].as_array().unwrap().iter();
        Self {
            host: told["host"].as_str().unwrap().to_owned(),
            paths: paths
                .map(|path| path.as_str().unwrap().to_owned())
                .collect(),
            told,
        }
    }

    /// What somebody with a phone gets.
    pub(crate) fn scan(&self, path: &str) -> Answer {
        self.ask("GET", path, PHONE)
    }

    pub(crate) fn ask(&self, method: &str, path: &str, agent: &str) -> Answer {
        let headers = format!("Host: {}\r\nUser-Agent: {agent}\r\n", self.host);
        send(&self.host, &request(method, path.as_bytes(), &headers))
    }
}

/// In this process.
pub(crate) struct Running {
    pub(crate) place: Place,
    printed: Receiver<Vec<u8>>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Result<ResolverStats, ServeError>>,
}

/// What is printed goes to the test at once.
struct Printer(Sender<Vec<u8>>);

impl Write for Printer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = self.0.send(bytes.to_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Running {
    pub(crate) fn start(units: u32) -> Self {
        let options = Options {
            units,
            json: true,
            ..Options::default()
        };
        let (place, printed, stop, serving) = started(options, |line| {
            line.ends_with('\n').then(|| Place::read(line))
        });
        Self {
            place,
            printed,
            stop,
            serving,
        }
    }

    /// Ends it; what it counted, and what it had printed after it began to listen.
    pub(crate) fn end(self) -> (ResolverStats, String) {
        self.stop.send(()).unwrap();
        let stats = self.serving.join().unwrap().unwrap();
        let printed: Vec<u8> = self.printed.iter().flatten().collect();
        (stats, String::from_utf8(printed).unwrap())
    }
}

/// A server that tells a person: what it printed until it listened, and the rest at its end.
pub(crate) fn told_a_person(units: u32, asked: impl FnOnce(&str)) -> (String, String) {
    console::set_colors_enabled(false);
    let options = Options {
        units,
        ..Options::default()
    };
    let (before, printed, stop, serving) = started(options, |text| {
        text.ends_with("\nRequests\n").then(|| text.to_owned())
    });
    asked(&before);
    stop.send(()).unwrap();
    serving.join().unwrap().unwrap();
    let after: Vec<u8> = printed.iter().flatten().collect();
    (before, String::from_utf8(after).unwrap())
}

type Started<T> = (
    T,
    Receiver<Vec<u8>>,
    oneshot::Sender<()>,
    JoinHandle<Result<ResolverStats, ServeError>>,
);

fn started<T>(options: Options, listens: impl Fn(&str) -> Option<T>) -> Started<T> {
    let (sender, printed) = channel();
    let (stop, stopped) = oneshot::channel();
    let serving = std::thread::spawn(move || {
        run_until(&options, &mut Printer(sender), async {
            let _ = stopped.await;
        })
    });
    let mut before = String::new();
    loop {
        let more = printed.recv().expect("it ended before it listened");
        before.push_str(std::str::from_utf8(&more).unwrap());
        if let Some(listening) = listens(&before) {
            return (listening, printed, stop, serving);
        }
    }
}

/// As a process of its own.
pub(crate) struct Process {
    pub(crate) place: Place,
    child: Child,
    out: BufReader<std::process::ChildStdout>,
}

impl Process {
    pub(crate) fn start(mut command: std::process::Command) -> Self {
        let command = command.args(["--json", "--units", "100"]);
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        Self {
            place: Place::read(&line),
            child,
            out,
        }
    }

    /// Asks it to end as a shell does; what it had printed since it listened, and its exit code.
    pub(crate) fn end(mut self, signal: &str) -> (String, String, i32) {
        let id = self.child.id().to_string();
        let mut kill = std::process::Command::new("kill");
        assert!(kill.args([signal, &id]).status().unwrap().success());
        let (mut out, mut error) = (String::new(), String::new());
        self.out.read_to_string(&mut out).unwrap();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut error).unwrap();
        let code = self.child.wait().unwrap().code().unwrap();
        (out, error, code)
    }
}
