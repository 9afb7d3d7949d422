//! Uploaded files: whose they are, and which message they are in.

use chinwag::model::ids::{Number, UploadId};
use chinwag::store::PostOutcome;

use super::world::{Backend, NOW, World, file, message};

pub async fn files_travel_with_their_message(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let (one, two) = (world.upload(ada, "b.png").await, world.upload(ada, "a.png").await);
    let before = world.store.upload(one).await.unwrap().unwrap();
    assert_eq!((before.owner, before.message, before.sha256), (ada, None, [7; 32]));

    let mut new = message(tea, ada, "");
    new.attachments = vec![two, one];
    let PostOutcome::Posted(posted) = world.store.post_message(new.clone()).await.unwrap() else {
        panic!("not posted");
    };
    let names: Vec<_> = posted.attachments.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["a.png", "b.png"], "in the author's order");
    assert_eq!(posted.attachments[1], before.attachment);
    assert_eq!(world.everything(tea).await.first(), Some(&posted));
    let after = world.store.upload(one).await.unwrap().unwrap();
    assert_eq!(after.message, Some((tea, Number(1))));

    let again = world.store.post_message(new.clone()).await.unwrap();
    assert_eq!(again, PostOutcome::Replayed(posted.clone()));
    let mut other = new.clone();
    other.attachments.reverse();
    assert_eq!(world.store.post_message(other.clone()).await.unwrap(), PostOutcome::KeyReused);
    other.attachments.pop();
    assert_eq!(world.store.post_message(other.clone()).await.unwrap(), PostOutcome::KeyReused);
    other.attachments.clear();
    assert_eq!(world.store.post_message(other).await.unwrap(), PostOutcome::KeyReused);

    let (tombstone, mut freed) = world.delete(&posted).await;
    freed.sort_by_key(|id| id.0);
    assert_eq!((tombstone.attachments.clone(), freed), (Vec::new(), vec![one, two]));
    assert_eq!(world.store.upload(one).await.unwrap(), None);
    // A message that is sent again is replayed, although the files that it names are gone.
    let late = world.store.post_message(new).await.unwrap();
    assert_eq!(late, PostOutcome::Replayed(tombstone));
}

pub async fn a_file_is_used_once_by_its_owner(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let id = world.upload(ada, "a.png").await;
    let post = async |author, files: &[UploadId]| {
        let mut new = message(tea, author, "look");
        new.attachments = files.to_vec();
        world.store.post_message(new).await.unwrap()
    };
    assert_eq!(post(bob, &[id]).await, PostOutcome::NoUpload(id));
    assert_eq!(post(ada, &[id, id]).await, PostOutcome::NoUpload(id));
    assert!(matches!(post(ada, &[id]).await, PostOutcome::Posted(_)));
    assert_eq!(post(ada, &[id]).await, PostOutcome::NoUpload(id));
    assert!(!world.store.delete_upload(ada, id).await.unwrap(), "it is in a message");
}

pub async fn unused_files_are_swept(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let tea = world.channel("tea", ada).await;
    let used = world.upload(ada, "used.png").await;
    let mut new = message(tea, ada, "");
    new.attachments = vec![used];
    world.store.post_message(new).await.unwrap();
    let old = world.upload(ada, "old.png").await;
    let mut young = file(ada, "young.png");
    young.created_at = NOW.plus_ms(1);
    let young_id = young.attachment.id;
    world.store.add_upload(young).await.unwrap();

    assert_eq!(world.store.sweep_uploads(NOW.plus_ms(1)).await.unwrap(), [old]);
    assert!(!world.store.delete_upload(bob, young_id).await.unwrap(), "not his");
    assert!(world.store.delete_upload(ada, young_id).await.unwrap());
    assert!(!world.store.delete_upload(ada, young_id).await.unwrap());
    assert!(world.store.upload(used).await.unwrap().is_some());
}
