/** What an error is, without the names for programs. */
const titles = (description) => description.replace(/`[^`]*`: /g, '').split('\n\n').join(' ');

/** An error response is one line, until somebody wants to see its headers and its examples. */
const FoldErrors = () => ({
  wrapComponents: {
    response: (Original, { React }) => function Response(props) {
      const [open, setOpen] = React.useState(false);
      const { code, response } = props;
      if (open || !/^[45]/.test(code)) return React.createElement(Original, props);
      const button = React.createElement(
        'button',
        { type: 'button', className: 'fold', 'aria-expanded': false, onClick: () => setOpen(true) },
        titles(response.get('description') ?? ''),
      );
      return React.createElement(
        'tr',
        { className: 'response folded', 'data-code': code },
        React.createElement('td', { className: 'response-col_status' }, code),
        React.createElement('td', { className: 'response-col_description', colSpan: 2 }, button),
      );
    },
  },
});

window.ui = SwaggerUIBundle({
  url: 'openapi/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  filter: true,
  defaultModelsExpandDepth: 0,
  plugins: [FoldErrors],
  // A token outlives neither the page nor the next quarter of an hour.
  persistAuthorization: false,
  // No third party is asked what it thinks of the document.
  validatorUrl: null,
});
