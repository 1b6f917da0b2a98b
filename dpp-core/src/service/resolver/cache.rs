//! What was asked for last.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::time::Timestamp;

/// A bounded number of answers, each with when it was given.
///
/// Two generations: what was used since the last change of generations, and before it. What is in
/// use outlives any number of others that are asked for once.
#[derive(Debug)]
pub(super) struct Cache<K, V> {
    most: usize,
    kept: Mutex<Generations<K, V>>,
}

#[derive(Debug)]
struct Generations<K, V> {
    young: HashMap<K, Held<V>>,
    old: HashMap<K, Held<V>>,
}

/// An answer, and when it was given.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held<V> {
    pub(super) value: V,
    pub(super) at: Timestamp,
}

impl<K: Eq + Hash + Clone, V: Clone> Cache<K, V> {
    /// Of at most so many answers.
    pub(super) fn of_most(most: usize) -> Self {
        Self {
            most: most.div_ceil(2).max(1),
            kept: Mutex::new(Generations {
                young: HashMap::new(),
                old: HashMap::new(),
            }),
        }
    }

    pub(super) fn get<Q>(&self, key: &Q) -> Option<Held<V>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let mut kept = self.lock();
        if let Some(held) = kept.young.get(key) {
            return Some(held.clone());
        }
        let (key, held) = kept.old.remove_entry(key)?;
        kept.put(key, held.clone(), self.most);
        Some(held)
    }

    pub(super) fn put(&self, key: K, value: V, at: Timestamp) {
        self.lock().put(key, Held { value, at }, self.most);
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        let kept = self.lock();
        kept.young.len() + kept.old.len()
    }

    fn lock(&self) -> MutexGuard<'_, Generations<K, V>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash, V> Generations<K, V> {
    fn put(&mut self, key: K, held: Held<V>, most: usize) {
        if self.young.len() >= most && !self.young.contains_key(&key) {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(key, held);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_unix_millis(millis)
    }

    #[test]
    fn what_is_in_use_outlives_any_number_of_others() {
        let cache = Cache::of_most(8);
        cache.put(u64::MAX, "in use", at(0));
        for other in 0..1_000 {
            cache.put(other, "once", at(1));
            assert_eq!(cache.get(&u64::MAX).map(|held| held.value), Some("in use"));
        }
        assert!(cache.get(&0).is_none());
    }

    #[test]
    fn no_more_is_kept_than_it_may() {
        let cache = Cache::of_most(100);
        for key in 0..100_000_u32 {
            cache.put(key, (), at(0));
            assert!(cache.len() <= 101);
        }
    }

    #[test]
    fn the_later_answer_counts() {
        let cache = Cache::of_most(2);
        cache.put("a", 1, at(1));
        cache.put("b", 1, at(1));
        cache.put("a", 2, at(2));
        let held = cache.get(&"a").unwrap();
        assert_eq!((held.value, held.at), (2, at(2)));
    }
}
