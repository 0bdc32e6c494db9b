// Collections, formatting, traits and closures from the standard library.
use std::collections::{BTreeMap, HashMap};
use std::fmt;

struct Count(usize);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "<{:>3}>", self.0)
    }
}

fn apply(functions: &[Box<dyn Fn(f64) -> f64>], value: f64) -> f64 {
    functions.iter().fold(value, |value, function| function(value))
}

fn main() {
    let mut words: HashMap<String, usize> = HashMap::new();
    for word in std::env::args().skip(1) {
        *words.entry(word.to_uppercase()).or_default() += 1;
    }
    let sorted: BTreeMap<_, _> = words.iter().map(|(word, count)| (word.clone(), Count(*count))).collect();
    for (word, count) in &sorted {
        println!("{}: {}", word, count);
    }
    let half = 0.5;
    println!("{:.4}", apply(&[Box::new(move |x| x * half), Box::new(f64::sqrt)], 3.0));
    std::process::exit(sorted.len() as i32);
}
