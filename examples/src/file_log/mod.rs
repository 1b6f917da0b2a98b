//! A log in one file: what an integrator's own store can look like.
//!
//! It keeps everything in memory, and writes each commit to the end of a file, as a line of
//! JSON, before it answers; opening it reads the lines again. That is enough for a program that
//! may be broken off at any moment. One process at a time may have the file open.

mod line;

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use dpp_core::store::EventStore;
use dpp_core::store::log::{
    ClaimSpace, ClaimValue, Commit, CommitError, FeedPage, HeadPage, PageLimit, Position,
    ReadError, Receipt, StoreFault, StreamId, StreamPage, Version,
};
use dpp_core::{BrandId, TextRows};
use dpp_store_memory::MemoryStore;
use futures::lock::Mutex;

/// A log in one file.
#[derive(Debug)]
pub struct FileLog {
    path: PathBuf,
    memory: MemoryStore,
    lines: Mutex<Lines>,
}

/// The file, and how many bytes of it are whole lines.
#[derive(Debug)]
struct Lines {
    file: File,
    whole: u64,
}

impl Lines {
    /// Adds a line, all of it or nothing.
    fn add(&mut self, text: &str) -> io::Result<()> {
        let file = &mut self.file;
        let written = file
            .write_all(text.as_bytes())
            .and_then(|()| file.sync_data());
        match written {
            Ok(()) => self.whole += text.len() as u64,
            Err(_) => file.set_len(self.whole)?,
        }
        written
    }
}

/// Why a log cannot be opened. Look at the file, or name another.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileLogError {
    /// It cannot be read or made.
    #[error("`{}` cannot be opened: {source}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: io::Error,
    },
    /// Another process has it open. Wait until that is done.
    #[error("`{}` is open in another process", .path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// A line is no commit, and it is not the last, which a crash can cut.
    #[error("line {line} of `{}` is no commit: {reason}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

impl FileLog {
    /// The log in this file, which is made if it is not there. A last line that a crash has cut
    /// is cut off: its commit had not been answered.
    ///
    /// # Errors
    /// [`FileLogError`].
    pub async fn open(path: &Path) -> Result<Self, FileLogError> {
        let failed = |source| FileLogError::File {
            path: path.to_owned(),
            source,
        };
        let mut options = OpenOptions::new();
        let file = options.read(true).append(true).create(true).open(path);
        let file = file.map_err(failed)?;
        file.try_lock().map_err(|_| FileLogError::InUse {
            path: path.to_owned(),
        })?;
        let memory = MemoryStore::default();
        let whole = replay(path, &file, &memory).await?;
        file.set_len(whole).map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            memory,
            lines: Mutex::new(Lines { file, whole }),
        })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Makes every commit of the file in memory, and tells how many bytes they are.
async fn replay(path: &Path, file: &File, memory: &MemoryStore) -> Result<u64, FileLogError> {
    let mut reader = BufReader::new(file);
    let (mut whole, mut number) = (0, 0);
    loop {
        let mut text = String::new();
        let read = reader.read_line(&mut text);
        let read = read.map_err(|source| FileLogError::File {
            path: path.to_owned(),
            source,
        })?;
        if !text.ends_with('\n') {
            return Ok(whole);
        }
        number += 1;
        again(memory, &text)
            .await
            .map_err(|reason| FileLogError::Damaged {
                path: path.to_owned(),
                line: number,
                reason,
            })?;
        whole += read as u64;
    }
}

async fn again(memory: &MemoryStore, text: &str) -> Result<(), String> {
    let made = memory.commit(&line::read(text)?).await;
    made.map(drop).map_err(|error| error.to_string())
}

#[async_trait]
impl EventStore for FileLog {
    async fn commit(&self, commit: &Commit) -> Result<Receipt, CommitError> {
        let text = line::write(commit);
        let text = text.map_err(|error| CommitError::NotCommitted(StoreFault::new(error)))?;
        // Held until the line is there, so that lines stand in the order of commits.
        let mut lines = self.lines.lock().await;
        let receipt = self.memory.commit(commit).await?;
        match lines.add(&text) {
            Ok(()) => Ok(receipt),
            Err(error) => {
                let fault = StoreFault::new(format!("the log's file cannot be written: {error}"));
                Err(CommitError::Unknown(fault.until_mended()))
            }
        }
    }

    async fn claimed(
        &self,
        brand: BrandId,
        space: ClaimSpace,
        keys: &TextRows,
    ) -> Result<Vec<Option<ClaimValue>>, ReadError> {
        self.memory.claimed(brand, space, keys).await
    }

    async fn read_stream(
        &self,
        brand: BrandId,
        stream: StreamId,
        from: Version,
        limit: PageLimit,
    ) -> Result<StreamPage, ReadError> {
        self.memory.read_stream(brand, stream, from, limit).await
    }

    async fn read_feed(
        &self,
        brand: BrandId,
        after: Option<Position>,
        limit: PageLimit,
    ) -> Result<FeedPage, ReadError> {
        self.memory.read_feed(brand, after, limit).await
    }

    async fn heads(&self, after: Option<BrandId>, limit: PageLimit) -> Result<HeadPage, ReadError> {
        self.memory.heads(after, limit).await
    }
}
