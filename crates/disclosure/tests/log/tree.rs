//! RFC 6962: published vectors, and an independent implementation as oracle.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use iljari_disclosure::log::Hash;
use iljari_disclosure::log::tree::{
    Range, Tree, consistency, empty_root, inclusion, leaf_hash, node_hash, root, verify_consistency, verify_inclusion,
};
use proptest::prelude::*;
use sha2::Sha256;

fn hash(text: &str) -> Hash {
    text.parse().expect("a hash")
}

#[test]
fn the_published_hashes_come_out() {
    assert_eq!(empty_root(), hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    assert_eq!(root(&[]), empty_root());
    assert_eq!(leaf_hash(b""), hash("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"));
    assert_eq!(leaf_hash(b"L123456"), hash("395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"));
    // The published node vector hashes two texts that are no hashes themselves.
    assert_eq!(Hash::of(b"\x01N123N456"), hash("aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"));
    let (left, right) = (leaf_hash(b"a"), leaf_hash(b"b"));
    let mut preimage = vec![1];
    preimage.extend_from_slice(left.as_bytes());
    preimage.extend_from_slice(right.as_bytes());
    assert_eq!(node_hash(&left, &right), Hash::of(&preimage));
}

#[test]
fn a_leaf_of_any_length_is_hashed_as_a_plain_hash_of_a_zero_and_its_bytes() {
    let bytes: Vec<u8> = (0..700).map(|number| (number * 31 % 251) as u8).collect();
    for length in 0..bytes.len() {
        let mut preimage = vec![0];
        preimage.extend_from_slice(&bytes[..length]);
        assert_eq!(leaf_hash(&bytes[..length]), Hash::of(&preimage), "{length} bytes");
    }
}

#[test]
fn the_eight_classic_leaves_give_the_published_roots() {
    let leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut range = Range::new();
    for (leaf, wanted) in leaves.iter().zip(roots) {
        range.push(leaf_hash(&hex::decode(leaf).expect("hex")));
        assert_eq!(range.root(), hash(wanted), "{} leaves", range.size());
    }
}

/// The leaves 0, 1, 2, … as this crate and as the oracle see them.
fn both(size: usize) -> (Vec<Hash>, MemoryBackedTree<Sha256, Vec<u8>>) {
    let mut oracle = MemoryBackedTree::new();
    let mut hashes = Vec::new();
    for number in 0..size {
        let leaf = format!("leaf {number}").into_bytes();
        hashes.push(leaf_hash(&leaf));
        oracle.push(leaf);
    }
    (hashes, oracle)
}

fn joined(proof: &[Hash]) -> Vec<u8> {
    proof.iter().flat_map(|hash| hash.0).collect()
}

/// Roots, inclusion and consistency of one size, byte for byte as the oracle has them.
fn agrees_with_oracle(size: usize, places: &[usize]) {
    let (hashes, oracle) = both(size);
    assert_eq!(&root(&hashes).0[..], oracle.root().as_bytes().as_slice(), "root of {size}");
    // A tree kept whole, built at once and leaf by leaf, says the same at this size and at every one before.
    let tree = Tree::of(hashes.clone());
    let mut grown = Tree::default();
    hashes.iter().for_each(|hash| grown.push(*hash));
    assert_eq!((tree.root(), tree.size(), grown.root()), (root(&hashes), size as u64, root(&hashes)));
    assert_eq!(tree.root_at(size as u64 + 1), None);
    for &index in places.iter().filter(|place| **place < size) {
        let proof = inclusion(&hashes, index as u64).expect("a leaf");
        assert_eq!(joined(&proof), oracle.prove_inclusion(index).as_bytes(), "inclusion {index} of {size}");
        assert!(verify_inclusion(index as u64, size as u64, &hashes[index], &proof, &root(&hashes)));
        let old = index + 1;
        for tree in [&tree, &grown] {
            assert_eq!(tree.inclusion(index as u64, size as u64).as_ref(), Some(&proof));
            assert_eq!(tree.inclusion(0, old as u64), inclusion(&hashes[..old], 0));
            assert_eq!(tree.inclusion(index as u64, old as u64), inclusion(&hashes[..old], index as u64));
            assert_eq!(tree.consistency(old as u64, size as u64), consistency(&hashes, old as u64));
            assert_eq!(tree.root_at(old as u64), Some(root(&hashes[..old])));
        }
        let proof = consistency(&hashes, old as u64).expect("an older tree");
        if old < size {
            let wanted = oracle.prove_consistency(size - old);
            assert_eq!(joined(&proof), wanted.as_bytes(), "consistency {old} to {size}");
        }
        let old_root = root(&hashes[..old]);
        assert!(verify_consistency(old as u64, &old_root, size as u64, &root(&hashes), &proof));
    }
}

#[test]
fn every_tree_up_to_seventy_agrees_with_the_oracle() {
    for size in 0..=70 {
        agrees_with_oracle(size, &(0..size).collect::<Vec<_>>());
    }
}

#[test]
fn a_proof_from_nothing_is_refused() {
    let (hashes, _) = both(5);
    assert!(consistency(&hashes, 0).is_none());
    assert!(!verify_consistency(0, &empty_root(), 5, &root(&hashes), &[]));
    assert!(!verify_consistency(0, &empty_root(), 0, &empty_root(), &[]));
    assert!(consistency(&hashes, 6).is_none());
    assert!(inclusion(&hashes, 5).is_none());
    assert!(inclusion(&[], 0).is_none());
    let tree = Tree::of(hashes.clone());
    assert!(tree.consistency(0, 5).is_none() && tree.consistency(3, 6).is_none() && tree.consistency(4, 3).is_none());
    assert!(tree.inclusion(5, 5).is_none() && tree.inclusion(4, 4).is_none() && tree.inclusion(0, 6).is_none());
    assert!(Tree::of(Vec::new()).inclusion(0, 0).is_none());
    assert_eq!(Tree::of(Vec::new()).root(), empty_root());
    assert!(!verify_inclusion(0, 0, &hashes[0], &[], &hashes[0]));
}

fn flipped(hash: &Hash, bit: usize) -> Hash {
    let mut bytes = hash.0;
    bytes[bit / 8 % 32] ^= 1 << (bit % 8);
    Hash(bytes)
}

#[test]
fn any_flipped_bit_of_a_proof_a_leaf_or_a_root_is_refused() {
    for (size, index) in [(1, 0), (2, 1), (7, 3), (8, 7), (13, 12)] {
        let (hashes, _) = both(size);
        let (head, count) = (root(&hashes), size as u64);
        let place = index as u64;
        let proof = inclusion(&hashes, place).expect("a leaf");
        for bit in 0..256 {
            assert!(!verify_inclusion(place, count, &flipped(&hashes[index], bit), &proof, &head));
            assert!(!verify_inclusion(place, count, &hashes[index], &proof, &flipped(&head, bit)));
        }
        for step in 0..proof.len() {
            for bit in 0..256 {
                let mut bent = proof.clone();
                bent[step] = flipped(&bent[step], bit);
                assert!(!verify_inclusion(place, count, &hashes[index], &bent, &head));
            }
        }
        for old in 1..count {
            let old_root = root(&hashes[..old as usize]);
            let proof = consistency(&hashes, old).expect("an older tree");
            for bit in 0..256 {
                assert!(!verify_consistency(old, &flipped(&old_root, bit), count, &head, &proof));
                assert!(!verify_consistency(old, &old_root, count, &flipped(&head, bit), &proof));
                for step in 0..proof.len() {
                    let mut bent = proof.clone();
                    bent[step] = flipped(&bent[step], bit);
                    assert!(!verify_consistency(old, &old_root, count, &head, &bent));
                }
            }
        }
    }
}

#[test]
fn a_proof_of_the_wrong_length_place_or_size_is_refused() {
    let (hashes, _) = both(11);
    let head = root(&hashes);
    let proof = inclusion(&hashes, 4).expect("a leaf");
    let mut longer = proof.clone();
    longer.push(head);
    assert!(!verify_inclusion(4, 11, &hashes[4], &longer, &head));
    assert!(!verify_inclusion(4, 11, &hashes[4], &proof[1..], &head));
    for index in (0..11).filter(|index| *index != 4) {
        assert!(!verify_inclusion(index, 11, &hashes[4], &proof, &head));
    }
    let old_root = root(&hashes[..6]);
    let proof = consistency(&hashes, 6).expect("an older tree");
    assert!(verify_consistency(6, &old_root, 11, &head, &proof));
    assert!(!verify_consistency(5, &old_root, 11, &head, &proof));
    assert!(!verify_consistency(6, &old_root, 11, &head, &proof[1..]));
    assert!(!verify_consistency(11, &head, 11, &head, &proof));
    assert!(!verify_consistency(12, &head, 11, &head, &[]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn trees_up_to_six_hundred_agree_with_the_oracle(size in 0_usize..=600, places in prop::collection::vec(0_usize..600, 3)) {
        agrees_with_oracle(size, &places);
    }

    #[test]
    fn a_flipped_bit_anywhere_in_a_large_proof_is_refused(size in 71_usize..=600, place in 0_usize..600, step in 0_usize..10, bit in 0_usize..256) {
        let (hashes, _) = both(size);
        let index = place % size;
        let mut proof = inclusion(&hashes, index as u64).expect("a leaf");
        let step = step % proof.len();
        proof[step] = flipped(&proof[step], bit);
        prop_assert!(!verify_inclusion(index as u64, size as u64, &hashes[index], &proof, &root(&hashes)));
    }
}
