//! What the program keeps in memory beside one open database (기억), a value of each type.
//!
//! Owns: that it belongs to that database and is gone with it. Does not own: what is kept, or whether
//! it still holds; whoever keeps something asks the database before trusting it. What a newcomer gets
//! wrong: keeping what an act has written. It may yet be rolled back, so only a look sees the memory.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// The memory of an open database. Cheap to clone; all clones are one.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>>);

impl Memory {
    /// The value of this type, made empty when first asked for.
    pub fn of<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let value = values.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default()));
        // Under its own type's name nothing else is ever kept.
        Arc::clone(value).downcast().unwrap_or_default()
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_one_value_and_clones_share_it() {
        let memory = Memory::default();
        memory.of::<Mutex<Vec<u8>>>().lock().expect("nobody panicked").push(7);
        memory.of::<Mutex<String>>().lock().expect("nobody panicked").push('가');
        let same = memory.clone();
        assert_eq!(*same.of::<Mutex<Vec<u8>>>().lock().expect("nobody panicked"), [7]);
        assert_eq!(*same.of::<Mutex<String>>().lock().expect("nobody panicked"), "가");
        assert!(Memory::default().of::<Mutex<Vec<u8>>>().lock().expect("nobody panicked").is_empty());
    }
}
