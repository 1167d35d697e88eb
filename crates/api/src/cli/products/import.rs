use std::path::{Path, PathBuf};
use std::sync::Arc;

use application::imports::{Effect, Fetching, ImportItems, Imported, Item};
use application::{Clock as _, Runner, RunnerPolicy};
use clap::Args;
use domain::imports::{Choices, Manner};
use domain::pages::PageTextsChange;
use domain::products::{Particulars, Product, ProductDetails, ProductId, ProductStatus, TaxAndShipping};
use domain::stock::{Reason, Stock};
use encoding_rs::Encoding;
use infrastructure::system::V7Ids;

use super::batch::Batches;
use super::format::{Decimal, FileKind, HELP, mapped};
use super::input::Input;
use super::survey::{Survey, Tally};
use crate::cli::error::Failure;
use crate::cli::progress::Progress;
use crate::cli::say;
use crate::cli::tools::Tools;
use crate::config::Settings;
use crate::files::{Plan, Reviewed, apart, encoding, units};
use crate::importing::Gathering;
use crate::wiring::{self, pictures_on};

/// The arguments of `import`.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[derive(Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Import {
    /// The file, or - for standard input
    file: PathBuf,
    /// Format; by default that of the file extension (.csv, .ndjson, .jsonl), and CSV for standard input
    #[arg(long, value_enum, default_value = "auto")]
    format: FileKind,
    /// How prices with decimal places are written; without it, they are whole minor units
    ///
    /// With it, every price of the file is in the unit of the currency, and converted exactly: 19.99 USD are 1999 minor
    /// units, and so are 19.9900; 20 USD are 2000. More decimal places than the currency has are refused, unless they
    /// are zeros. Groups of three digits may be separated by a space, an apostrophe, or the sign that is not the
    /// decimal one.
    #[arg(long, value_enum)]
    decimal: Option<Decimal>,
    /// Encoding of the file, such as utf-8, utf-16le, windows-1252 or shift-jis; found out by default
    ///
    /// By default it is that of the byte order mark, else UTF-8. A CSV file that holds no UTF-8 beyond ASCII is read as
    /// Windows-1252, which is printed.
    #[arg(long, value_name = "NAME", value_parser = encoding::named)]
    encoding: Option<&'static Encoding>,
    /// Check every line and print what an import would do, without writing anything
    #[arg(long)]
    dry_run: bool,
    /// Print and skip bad lines, and import the others
    #[arg(long)]
    skip_bad: bool,
    /// Read a column as another one, such as "Their name=sku"; may be given several times
    #[arg(long = "map", value_name = "THEIRS=OURS", value_parser = mapped)]
    mapping: Vec<(String, String)>,
    /// Leave columns out that are not known, instead of refusing the file
    #[arg(long)]
    ignore_unknown: bool,
    /// Give existing products the stock in the file, each by an adjustment whose reason is the name of the file
    #[arg(long)]
    stock: bool,
    /// Fetch the pictures that lines name by URLs, from public addresses, up to 15 MB and 10 seconds each
    #[arg(long)]
    fetch_media: bool,
    /// Make attributes of Shopify's metafields
    #[arg(long)]
    metafields: bool,
}

impl Import {
    pub(in crate::cli) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let (format, columns) = self.format.of(&self.file)?;
        let manner = Manner {
            format: columns,
            mapping: self.mapping,
            ignore_unknown: self.ignore_unknown,
            metafields: self.metafields,
            fetch_media: self.fetch_media,
            currency: settings.shop.currency,
            decimal: self.decimal.map(Into::into),
        };
        let mut input = Input::open(&self.file, format, self.encoding, manner)?;
        let mut records = input.records(format)?;
        let tools = if self.dry_run { Tools::prepared(settings).await? } else { Tools::writing(settings).await? };
        let choices = Choices::of(tools.database.queries().terms.taxonomy().await?.attributes());
        records.know(&choices);
        let survey = Survey::of(&input, Batches::new(&tools, &input, records, self.stock)).await?;
        survey.print_faults();
        if !survey.bad.is_empty() && !self.skip_bad {
            let (bad, all) = (survey.bad.len(), survey.bad.len() + survey.tally.lines());
            let why = format!("{bad} of {all} lines are bad; nothing was imported. --skip-bad imports the other lines");
            return Err(Failure::Failed(why.into()));
        }
        let tally = if self.dry_run {
            say(format_args!("dry run: nothing was imported. An import would give:"));
            survey.tally
        } else {
            let mut records = input.records(format)?;
            records.know(&choices);
            let fetching = self.fetch_media.then(|| fetching(&tools, settings)).transpose()?;
            let work =
                Work::new((&tools, fetching), &survey, &self.file, Batches::new(&tools, &input, records, self.stock))?;
            work.import().await?
        };
        tally.print(survey.bad.len());
        survey.print_notes();
        tools.database.close().await;
        Ok(())
    }
}

/// Imports the lines that the survey found good. Each batch is checked again before it is written, because products or
/// the file may have changed in the meantime.
struct Work<'a> {
    tools: &'a Tools,
    survey: &'a Survey,
    batches: Batches<'a>,
    runner: Runner,
    counted: Option<Reason>,
    gathering: Option<Gathering>,
}

/// What has the pictures that lines name.
///
/// # Errors
/// [`Failure::Usage`] if there is no place for them.
fn fetching(tools: &Tools, settings: &Settings) -> Result<Fetching, Failure> {
    let pictures = pictures_on(&tools.database, settings)?;
    if !pictures.has_store() {
        let why = "--fetch-media needs a place for pictures: media.store in the settings of every server";
        return Err(Failure::Usage(why.to_owned()));
    }
    Ok(wiring::fetching(settings, &pictures)?)
}

impl<'a> Work<'a> {
    fn new(
        (tools, fetching): (&'a Tools, Option<Fetching>),
        survey: &'a Survey,
        file: &Path,
        batches: Batches<'a>,
    ) -> Result<Self, Failure> {
        let policy = RunnerPolicy { deadline: domain::imports::Import::PART, ..RunnerPolicy::default() };
        let (clock, ids, keys) =
            (Arc::new(tools.database.clock()), Arc::new(V7Ids), tools.database.queries().idempotency);
        let runner = Runner::new(tools.database.transactions(), keys, clock, ids, tools.shop, policy);
        let name = file.file_name().map_or_else(|| "import".into(), |name| name.to_string_lossy());
        let reason = Reason::parse(&name).or_else(|_| Reason::parse("import"));
        let reason = reason.map_err(|invalid| Failure::Failed(invalid.to_string().into()))?;
        let counted = batches.counts().then_some(reason);
        let gathering = fetching.map(|fetching| Gathering::new(&fetching, &runner));
        Ok(Self { tools, survey, batches, runner, counted, gathering })
    }

    /// Imports all batches.
    ///
    /// # Errors
    /// The first failure, with the number of lines that are imported.
    async fn import(mut self) -> Result<Tally, Failure> {
        let progress = Progress::of("products", self.survey.tally.lines() as u64);
        let mut done = Tally::default();
        loop {
            match self.next(&mut done).await {
                Ok(0) => break,
                Ok(lines) => progress.add(lines),
                Err(failure) => {
                    let lines = format!("{} of {} lines", done.lines(), self.survey.tally.lines());
                    let why =
                        format!("stopped after {lines}, which stay imported; run the same import again to continue");
                    return Err(Failure::Failed(format!("{why}: {failure}").into()));
                }
            }
        }
        progress.finish();
        Ok(done)
    }

    /// Imports the next batch, and returns the number of its lines.
    async fn next(&mut self, done: &mut Tally) -> Result<usize, Failure> {
        let batch = self.batches.next(&self.survey.bad).await?;
        let lines = batch.len();
        let plans = batch.into_iter().map(still_good).collect::<Result<Vec<_>, _>>()?;
        let (mut simple, mut others) = (Vec::new(), Vec::new());
        let now = self.tools.database.clock().now();
        for Plan { item, effect, other_stock, .. } in plans {
            done.other_stock += usize::from(other_stock);
            match bulk(&item, || ProductId(application::Ids::next(&V7Ids)), now) {
                Some(new) if effect == Effect::Created => simple.push(new),
                _ if effect == Effect::Unchanged => done.count(effect),
                _ => others.push(item),
            }
        }
        if !simple.is_empty() {
            self.tools.database.bulk_products(&simple).await?;
            done.made += simple.len();
        }
        if let Some(gathering) = &mut self.gathering {
            for item in &mut others {
                let line = item.line;
                let notes = gathering.have(item, None).await.map_err(|error| refused(line, &error))?;
                notes.unwrap_or_default().iter().for_each(|note| say(format_args!("line {line}: {note}")));
            }
        }
        for items in units(others) {
            for Imported { effect, .. } in self.write(items).await? {
                done.count(effect);
            }
        }
        Ok(lines)
    }

    /// Imports some items in one transaction. If that is refused, what can be imported alone is tried so, to name the line.
    async fn write(&self, items: Vec<Item>) -> Result<Vec<Imported>, Failure> {
        let import = |items| ImportItems { items, counted: self.counted.clone() };
        let first = items.first().map_or(0, |item| item.line);
        match self.runner.run(import(items.clone())).await {
            Ok(done) => Ok(done),
            Err(refusal) if refusal.is_refusal() && items.len() > 1 => {
                let mut done = Vec::new();
                for some in apart(items) {
                    let line = some.first().map_or(first, |item| item.line);
                    let some = self.runner.run(import(some)).await;
                    done.extend(some.map_err(|error| refused(line, &error))?);
                }
                Ok(done)
            }
            Err(error) => Err(refused(first, &error)),
        }
    }
}

fn refused(line: u64, error: &application::Error) -> Failure {
    let why = match error {
        application::Error::Invalid(fields) => {
            fields.first().map(|fault| format!("{} {}", fault.field, fault.invalid.message)).unwrap_or_default()
        }
        other => other.to_string(),
    };
    Failure::Failed(format!("line {line}: {why}").into())
}

/// The product that an item makes and that is loaded with many others, because nothing else is written with it.
fn bulk(item: &Item, new_id: impl FnOnce() -> ProductId, now: domain::UtcDateTime) -> Option<(Product, Stock)> {
    let is_simple = item.place.is_none() && item.media.is_none() && item.attributes.is_empty() && !has_text(&item.page);
    let change = item.change.clone();
    let (name, price) = (change.name.filter(|_| is_simple && item.known.is_none())?, change.price?);
    let details = ProductDetails {
        name,
        price,
        sku: change.sku.flatten(),
        slug: change.slug,
        description: change.description.flatten(),
        status: change.status.unwrap_or(ProductStatus::Active),
        tax_and_shipping: TaxAndShipping::default().changed(change.tax_and_shipping),
        particulars: Particulars::default().changed(change.particulars),
    };
    let product = Product::new(item.id.unwrap_or_else(new_id), details, now);
    let stock = Stock::new(product.id, item.stock.unwrap_or_default().get(), now);
    Some((product, stock))
}

fn has_text(page: &PageTextsChange) -> bool {
    let PageTextsChange { seo_title, seo_description, html } = page;
    matches!(seo_title, Some(Some(_))) || matches!(seo_description, Some(Some(_))) || matches!(html, Some(Some(_)))
}

/// The plan of a line that is still good.
///
/// # Errors
/// [`Failure::Failed`] if the line became bad since the survey.
fn still_good((line, plan): Reviewed) -> Result<Plan, Failure> {
    plan.map_err(|faults| {
        let why = faults.first().map(|fault| format!("{} {}", fault.field, fault.message)).unwrap_or_default();
        Failure::Failed(format!("line {line} has become bad since it was checked: {why}").into())
    })
}
