//! What people do with imports.

use async_trait::async_trait;
use domain::imports::{FileRow, Import, ImportId, ImportOptions, ImportOptionsChange, ImportStep};
use domain::{Code, Invalid, Version};

use crate::audit_trail::audit;
use crate::{Command, Conflict, Ctx, Error, Tx, expect_version};

/// Begins an import whose rows are to come.
#[derive(Debug, Clone)]
pub struct CreateImport {
    /// How the file is read.
    pub options: ImportOptions,
    /// The names of its columns.
    pub columns: Vec<String>,
}

#[async_trait]
impl Command for CreateImport {
    type Output = Import;
    const NAME: &'static str = "imports.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Import, Error> {
        expect_store(ctx, self.options.fetch_media)?;
        Import::expect_columns(&self.columns).map_err(|invalid| Error::field("file", invalid))?;
        expect_mapping(&self.options.mapping)?;
        let actor = ctx.actor.map(|actor| actor.who);
        let id = ImportId(ctx.ids.next());
        let import = Import::new(id, self.options.clone(), self.columns.clone(), actor, ctx.now);
        tx.imports().insert(&import).await?;
        audit(tx, ctx, Self::NAME, None, Some(&import)).await?;
        Ok(import)
    }
}

/// Takes rows of an import in.
#[derive(Debug, Clone)]
pub struct ReceiveRows {
    /// The import whose file is being read.
    pub id: ImportId,
    /// The next rows of the file, in order.
    pub rows: Vec<FileRow>,
    /// Whether they are the last ones.
    pub is_last: bool,
}

#[async_trait]
impl Command for ReceiveRows {
    type Output = Import;
    const NAME: &'static str = "imports.receive";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Import, Error> {
        let before = locked_import(tx, self.id, None).await?;
        let rows = i64::try_from(self.rows.len()).unwrap_or(i64::MAX);
        if before.rows.saturating_add(rows) > Import::MOST_ROWS {
            let message = format!("must have at most {} rows", Import::MOST_ROWS);
            return Err(Error::field("file", Invalid::new(Code::TooLong, message)));
        }
        tx.imports().add_rows(self.id, &self.rows).await?;
        step(tx, ctx, &before, ImportStep::Receive(rows, self.is_last)).await
    }
}

/// Gives up an import whose file cannot be read.
#[derive(Debug, Clone)]
pub struct FailImport {
    /// The import that is given up.
    pub id: ImportId,
    /// The reason, for people.
    pub why: String,
}

#[async_trait]
impl Command for FailImport {
    type Output = Import;
    const NAME: &'static str = "imports.fail";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Import, Error> {
        let before = locked_import(tx, self.id, None).await?;
        step(tx, ctx, &before, ImportStep::Fail(self.why.clone())).await
    }
}

/// Checks an import again, with other options.
#[derive(Debug, Clone)]
pub struct ReviseImport {
    /// The import that is checked again.
    pub id: ImportId,
    /// What to read in another way.
    pub change: ImportOptionsChange,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for ReviseImport {
    type Output = Import;
    const NAME: &'static str = "imports.update";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Import, Error> {
        expect_store(ctx, self.change.fetch_media == Some(true))?;
        expect_mapping(self.change.mapping.as_deref().unwrap_or_default())?;
        let before = locked_import(tx, self.id, self.expected).await?;
        before.expect_rows()?;
        let import = step(tx, ctx, &before, ImportStep::Revise(self.change.clone())).await?;
        tx.imports().renew_rows(self.id).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&import)).await?;
        Ok(import)
    }
}

/// Lets a checked import be written.
#[derive(Debug, Clone)]
pub struct StartImport {
    /// The import that was checked.
    pub id: ImportId,
    /// Whether refused rows are left out.
    pub skip_failed: bool,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for StartImport {
    type Output = Import;
    const NAME: &'static str = "imports.start";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Import, Error> {
        let before = locked_import(tx, self.id, self.expected).await?;
        let import = step(tx, ctx, &before, ImportStep::Start { skip_failed: self.skip_failed }).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&import)).await?;
        Ok(import)
    }
}

/// Stops an import. What was written stays.
#[derive(Debug, Clone)]
pub struct CancelImport {
    /// The import that is to stop.
    pub id: ImportId,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for CancelImport {
    type Output = Import;
    const NAME: &'static str = "imports.cancel";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Import, Error> {
        let before = locked_import(tx, self.id, self.expected).await?;
        let import = step(tx, ctx, &before, ImportStep::Cancel).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&import)).await?;
        Ok(import)
    }
}

/// Refuses an import that fetches pictures in a shop that has no place for them.
fn expect_store(ctx: &Ctx<'_>, fetches: bool) -> Result<(), Error> {
    if fetches && !ctx.stores_pictures {
        let message = "needs a place for pictures: `media.store` in the settings of every server";
        return Err(Error::field("fetch_media", Invalid::new(Code::NotAllowed, message)));
    }
    Ok(())
}

/// Refuses a mapping that has too many bytes.
fn expect_mapping(mapping: &[(String, String)]) -> Result<(), Error> {
    ImportOptions::expect_mapping(mapping).map_err(|invalid| Error::field("map", invalid))
}

/// Locks an import.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] if it is not at the expected version.
pub(super) async fn locked_import(tx: &mut dyn Tx, id: ImportId, expected: Option<Version>) -> Result<Import, Error> {
    let import = tx.imports().lock(id).await?.ok_or(Error::NotFound("import"))?;
    expect_version(expected, import.version)?;
    Ok(import)
}

/// Writes a locked import after a step.
pub(super) async fn step(tx: &mut dyn Tx, ctx: &Ctx<'_>, before: &Import, step: ImportStep) -> Result<Import, Error> {
    let import = before.after(step, ctx.now).map_err(|refused| Error::from(Conflict::ImportStep(refused)))?;
    tx.imports().update(&import).await?;
    Ok(import)
}

#[cfg(test)]
mod tests {
    use domain::Uuid;
    use domain::imports::{ImportStatus, ImportStepRefused, RowCounts};

    use super::*;
    use crate::testing::{CountingIds, Mocks, NOW, ctx, run};

    fn checked(failed: i64) -> Import {
        let id = ImportId(Uuid::from_u128(1));
        let import = Import::new(id, ImportOptions::default(), vec!["sku".to_owned()], None, NOW);
        let received = import.after(ImportStep::Receive(2, true), NOW).unwrap();
        received.after(ImportStep::Check(RowCounts { failed, ..RowCounts::default() }), NOW).unwrap()
    }

    fn knowing(import: Import) -> Mocks {
        let mut tx = Mocks::default();
        tx.imports.expect_lock().once().returning(move |_| Ok(Some(import.clone())));
        tx
    }

    fn start(skip_failed: bool) -> StartImport {
        StartImport { id: ImportId(Uuid::from_u128(1)), skip_failed, expected: None }
    }

    #[tokio::test]
    async fn a_checked_import_is_started_and_stopped_r231() {
        let mut tx = knowing(checked(0));
        tx.imports.expect_update().once().withf(|import| import.status == ImportStatus::Running).returning(|_| Ok(()));
        run(&start(false), &mut tx).await.unwrap();
        let mut tx = knowing(checked(0));
        tx.imports.expect_update().once().withf(|one| one.status == ImportStatus::Cancelled).returning(|_| Ok(()));
        run(&CancelImport { id: ImportId(Uuid::from_u128(1)), expected: None }, &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn pictures_are_fetched_only_where_there_is_a_place_for_them_r231() {
        let options = ImportOptions { fetch_media: true, ..ImportOptions::default() };
        let create = CreateImport { options, columns: vec!["sku".to_owned()] };
        let change = ImportOptionsChange { fetch_media: Some(true), ..ImportOptionsChange::default() };
        let revise = ReviseImport { id: ImportId(Uuid::from_u128(1)), change, expected: None };
        let refusals =
            [run(&create, &mut Mocks::default()).await.err(), run(&revise, &mut Mocks::default()).await.err()];
        for refused in refusals {
            assert!(
                matches!(&refused, Some(Error::Invalid(faults)) if faults[0].field == "fetch_media"),
                "{refused:?}"
            );
        }
        let ids = CountingIds::default();
        let mut tx = Mocks::default();
        tx.imports.expect_insert().once().withf(|import| import.options.fetch_media).returning(|_| Ok(()));
        create.run(&mut tx, &Ctx { stores_pictures: true, ..ctx(&ids) }).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_written_when_rows_are_refused_and_nobody_leaves_them_out_r231() {
        let refused = run(&start(false), &mut knowing(checked(3))).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::ImportStep(ImportStepRefused::Failed(3)))), "{refused:?}");
    }

    #[tokio::test]
    async fn a_file_with_too_many_rows_is_refused_and_other_options_check_all_again_r231() {
        let full = Import { rows: Import::MOST_ROWS, status: ImportStatus::Checking, is_received: false, ..checked(0) };
        let rows = vec![FileRow { line: 2, cells: Vec::new() }];
        let receive = ReceiveRows { id: full.id, rows, is_last: true };
        let refused = run(&receive, &mut knowing(full)).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid(faults) if faults[0].field == "file"), "{refused:?}");
        let mut tx = knowing(checked(3));
        tx.imports.expect_renew_rows().once().returning(|_| Ok(()));
        tx.imports.expect_update().once().withf(|one| one.status == ImportStatus::Checking).returning(|_| Ok(()));
        let id = ImportId(Uuid::from_u128(1));
        run(&ReviseImport { id, change: ImportOptionsChange::default(), expected: None }, &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn names_of_columns_that_are_too_long_to_be_kept_are_refused_by_their_field_r231() {
        let mapping = || vec![("ж".repeat(200), "sku".to_owned()); 200];
        let create =
            |columns, mapping| CreateImport { options: ImportOptions { mapping, ..ImportOptions::default() }, columns };
        let id = ImportId(Uuid::from_u128(1));
        let change = ImportOptionsChange { mapping: Some(mapping()), ..ImportOptionsChange::default() };
        let refusals = [
            run(&create(vec!["x".repeat(1000); 100], Vec::new()), &mut Mocks::default()).await.err(),
            run(&create(vec!["sku".to_owned()], mapping()), &mut Mocks::default()).await.err(),
            run(&ReviseImport { id, change, expected: None }, &mut Mocks::default()).await.err(),
        ];
        let fields = refusals.map(|refused| match refused {
            Some(Error::Invalid(faults)) => (faults[0].field.clone(), faults[0].invalid.code),
            other => panic!("{other:?}"),
        });
        assert_eq!(fields, ["file", "map", "map"].map(|field| (field.to_owned(), Code::TooLong)));
    }

    #[tokio::test]
    async fn an_import_whose_rows_went_is_not_checked_again_r231() {
        let failed = Import { status: ImportStatus::Failed, ..checked(0) }.without_rows(NOW);
        let revise = ReviseImport {
            id: ImportId(Uuid::from_u128(1)),
            change: ImportOptionsChange { stock: Some(true), ..ImportOptionsChange::default() },
            expected: None,
        };
        let refused = run(&revise, &mut knowing(failed)).await.unwrap_err();
        assert!(matches!(refused, Error::ImportRows(_)), "{refused:?}");
    }
}
