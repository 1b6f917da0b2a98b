//! Drawing on several threads, with the bytes of one.
//!
//! The codes are cut into chunks, and the threads take them in turn: the first of three threads
//! draws chunks 0, 3, 6 and so on. The caller takes one chunk of each thread in the same turn,
//! so all come in order. A thread waits when two of its chunks were not taken.

use std::io;
use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use super::BundleError;
use super::codes::{Code, Codes};
use super::files::{Drawn, Files, Tail};

const CHUNK: usize = 64;
const WAITING: usize = 2;

/// Gives each code with what was drawn of it, in order.
pub(super) fn in_order(
    codes: &Codes,
    files: &Files<'_>,
    threads: NonZeroUsize,
    mut each: impl FnMut(Code<'_>, Tail<'_>) -> io::Result<()>,
) -> Result<(), BundleError> {
    let chunks = codes.iter().len().div_ceil(CHUNK);
    let mut give = |number, drawn: Drawn| -> io::Result<()> {
        let drawn = chunk(codes, number).zip(drawn.tails());
        drawn
            .into_iter()
            .try_for_each(|(code, tail)| each(code, tail))
    };
    if threads == NonZeroUsize::MIN {
        let mut drawer = files.drawer();
        return (0..chunks)
            .try_for_each(|number| Ok(give(number, drawer.draw(chunk(codes, number))?)?));
    }
    thread::scope(|scope| {
        let lines: Vec<Receiver<_>> = (0..threads.get())
            .map(|first| {
                let (sender, receiver) = sync_channel(WAITING);
                scope.spawn(move || {
                    let mut drawer = files.drawer();
                    let numbers = (first..chunks).step_by(threads.get());
                    let mut drawn = numbers.map(|number| drawer.draw(chunk(codes, number)));
                    drawn.try_for_each(|drawn| sender.send(drawn))
                });
                receiver
            })
            .collect();
        let mut turns = (0..chunks).zip(lines.iter().cycle());
        turns.try_for_each(|(number, line)| {
            let drawn = line.recv().map_err(io::Error::other)?;
            Ok(give(number, drawn?)?)
        })
    })
}

fn chunk(codes: &Codes, number: usize) -> impl Iterator<Item = Code<'_>> {
    codes.some(number * CHUNK, CHUNK)
}
