use actix_web::HttpResponse;
use futures_util::future::LocalBoxFuture;

use crate::context::RequestContext;
use crate::extract::Extract;
use crate::operation::Signature;
use crate::problem::Problem;
use crate::respond::Respond;

/// An async function whose arguments are taken out of a request and whose output becomes the response.
pub(crate) trait Handler<Args>: Copy + Send + Sync + 'static {
    /// Extracts the arguments in order, calls the function and builds the response.
    fn run(self, context: &mut RequestContext) -> LocalBoxFuture<'_, Result<HttpResponse, Problem>>;

    /// What the types of the arguments and of the output say.
    fn signature() -> Signature;
}

macro_rules! handlers {
    ($(($($argument:ident),*))*) => {$(
        impl<F, Fut, $($argument),*> Handler<($($argument,)*)> for F
        where
            F: Fn($($argument),*) -> Fut + Copy + Send + Sync + 'static,
            Fut: Future<Output: Respond>,
            $($argument: Extract,)*
        {
            fn run(self, context: &mut RequestContext) -> LocalBoxFuture<'_, Result<HttpResponse, Problem>> {
                Box::pin(async move {
                    let response = self($($argument::extract(context).await?),*).await;
                    response.respond(context)
                })
            }

            fn signature() -> Signature {
                let mut signature = Signature::default();
                $($argument::describe(&mut signature);)*
                Fut::Output::describe(&mut signature);
                signature
            }
        }
    )*};
}

handlers! {
    ()
    (A)
    (A, B)
    (A, B, C)
    (A, B, C, D)
    (A, B, C, D, E)
}
