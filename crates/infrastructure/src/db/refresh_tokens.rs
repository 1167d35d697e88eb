use async_trait::async_trait;
use domain::StoreError;
use domain::accounts::{RefreshToken, RefreshTokenRepository};

use super::entities::refresh_tokens;
use super::error;
use super::tx::DbTx;

#[async_trait]
impl RefreshTokenRepository for DbTx {
    async fn insert(&mut self, token: &RefreshToken) -> Result<(), StoreError> {
        self.insert_rows([refresh_tokens::Model::from(token)]).await.map_err(error::in_tx)
    }
}
