window.ui = SwaggerUIBundle({
  url: 'openapi/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  // A token outlives neither the page nor the next quarter of an hour.
  persistAuthorization: false,
  // No third party is asked what it thinks of the document.
  validatorUrl: null,
});
