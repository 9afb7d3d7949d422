//! The tasks that run as long as the server does. One that ends would be missed by nobody: so its
//! end is noticed, and the server ends.

use tokio::task::{AbortHandle, Id, JoinError, JoinSet};

/// Tasks that run as long as the server does.
#[derive(Default)]
pub(super) struct Tasks {
    running: JoinSet<()>,
    names: Vec<(Id, &'static str)>,
}

impl Tasks {
    /// Starts a task. The name says in the log what it does.
    pub(super) fn start(
        &mut self,
        name: &'static str,
        task: impl Future<Output = ()> + Send + 'static,
    ) -> AbortHandle {
        let handle = self.running.spawn(task);
        self.names.push((handle.id(), name));
        handle
    }

    /// Waits until a task ends or panics, which none does while the server runs, and returns its
    /// name. Waits for ever when there is no task.
    pub(super) async fn died(&mut self) -> &'static str {
        match self.running.join_next_with_id().await {
            Some(ended) => self.note(&ended),
            None => std::future::pending().await,
        }
    }

    /// Waits until all tasks have ended, as they were told to.
    pub(super) async fn finish(&mut self) {
        while let Some(ended) = self.running.join_next_with_id().await {
            if ended.as_ref().is_err_and(JoinError::is_panic) {
                self.note(&ended);
            }
        }
    }

    /// Logs how a task ended, and returns its name.
    fn note(&self, ended: &Result<(Id, ()), JoinError>) -> &'static str {
        let id = ended.as_ref().map_or_else(JoinError::id, |(id, ())| *id);
        let name = self.names.iter().find(|(named, _)| *named == id).map_or("a task", |(_, n)| n);
        match ended {
            Ok(_) => tracing::error!(task = name, "a task of the server ended"),
            Err(error) => tracing::error!(task = name, %error, "a task of the server failed"),
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::Tasks;

    #[tokio::test]
    async fn a_task_that_ends_or_panics_is_named() {
        let mut tasks = Tasks::default();
        let stays = tasks.start("stays", std::future::pending());
        tasks.start("panics", async { panic!("a defect") });
        assert_eq!(tasks.died().await, "panics");
        tasks.start("ends", async {});
        assert_eq!(tasks.died().await, "ends");
        stays.abort();
        tasks.finish().await;
    }
}
