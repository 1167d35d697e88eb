use crate::table::CreateTable;

// How each housekeeping task ran last, on whichever server.
pub const TASK_RUNS: CreateTable = CreateTable {
    migration: "m0219_task_runs",
    table: "task_runs",
    clustered: true,
    definition: "
        task {text(64)} NOT NULL,
        ended_at {int} NOT NULL,
        milliseconds {int} NOT NULL,
        done {int} NOT NULL,
        failed_at {int} NULL,
        failure {text(200)} NULL,
        PRIMARY KEY (task)
    ",
};
