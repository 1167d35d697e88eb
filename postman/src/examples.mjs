// Examples of answers, as the server gave them to newman, without what is another in every run.

const HEADERS = ['Content-Type', 'Location', 'ETag', 'Link', 'Cache-Control', 'WWW-Authenticate', 'Idempotency-Replayed'];

// A payment changes once more if its provider is asked before its notice is worked on.
const PAYMENT_VERSION = /("finding": [^,]+,\s*"created_at": "[^"]+",\s*"updated_at": "[^"]+",\s*"version": )\d+/;

/** A `response` for each request of a collection, from newman's JSON report. */
export const examples = (requests, report) => {
  const steady = steadier();
  // What a script asks, to log in, comes before the request itself and at its place.
  const executions = new Map(report.run.executions.map((one) => [one.cursor.position, one]));
  return requests.map((one, at) => {
    const { item, response } = executions.get(at) ?? {};
    if (item?.name !== one.name) throw new Error(`the report has "${item?.name}" where "${one.name}" should be`);
    const { description, auth, ...originalRequest } = one.request;
    const text = Buffer.from(response.stream.data).toString();
    const isJson = response.header.some(({ key, value }) => key.toLowerCase() === 'content-type' && value.includes('json'));
    const body = text && steady(isJson ? JSON.stringify(JSON.parse(text), null, 2) : text);
    const header = HEADERS.flatMap((key) => {
      const found = response.header.find((one) => one.key.toLowerCase() === key.toLowerCase());
      if (!found) return [];
      const value = steady(found.value);
      return [{ key, value: key === 'ETag' && PAYMENT_VERSION.test(body) ? value.replace(/^"\d+-/, '"2-') : value }];
    });
    return [
      {
        name: `${response.code} ${response.status}`,
        originalRequest,
        status: response.status,
        code: response.code,
        _postman_previewlanguage: isJson ? 'json' : 'text',
        header,
        cookie: [],
        body,
      },
    ];
  });
};

/** Gives ids, times, tokens and tags other values, the same ones in every run. */
const steadier = () => {
  const ids = new Map();
  const id = (found) => {
    if (found.endsWith('-000000000000')) return found;
    if (!ids.has(found)) ids.set(found, `01890000-0000-7000-8000-${String(ids.size + 1).padStart(12, '0')}`);
    return ids.get(found);
  };
  return (text) =>
    text
      // A file of products has a column for each attribute of the shop, those of other collections among them.
      .replace(/,(group\.)?attr\.\w+?_[0-9a-f]{12}(?=[,\n])/g, '')
      .replace(/(?<![0-9A-Za-z])[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z])/g, id)
      .replace(/([A-Za-z][-_]|[A-Za-z] |\bw|\bW)[0-9a-fA-F]{12}\b/g, '$1123456789abc')
      .replace(/("barcode": )"\d+"/g, '$1"4006381333931"')
      .replace(/("prefix": )"\w{8}"/g, '$1"aBcD3fG7"')
      .replace(/("secret": )"stk_[^"]+"/g, '$1"stk_aBcD3fG7_shown-once"')
      .replace(/("last_used_at": )"[^"]+"/g, '$1null')
      .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, 'eyJhbGciOiJIUzI1NiJ9.e30.signature')
      .replace(/("refresh_token": )"[^"]+"/g, '$1"a-refresh-token"')
      .replace(/("position": )\d+(,\s*"last_success_at")/g, (_, name, rest) => `${name}4711${rest}`)
      .replace(/("position": )\d+(,\s*"status")/g, (_, name, rest) => `${name}4711${rest}`)
      .replace(/("duration_ms": )\d+(,\s*"error": )"[^"]*"/g, (_, name, rest) => `${name}12${rest}"the name is not known"`)
      .replace(new RegExp(PAYMENT_VERSION, 'g'), (_, before) => `${before}2`)
      .replace(/("ticket": )"[^"]+"/g, '$1"AAAAAGl98cAmade-for-one-order-and-one-minute"')
      .replace(/("secret": )"whsec_[^"]+"/g, '$1"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="')
      .replace(/("next_cursor": )"[^"]+"/g, '$1"a-cursor"')
      .replace(/cursor=[^&>]+/g, 'cursor=a-cursor')
      .replace(/"(\d+-)?[0-9a-f]{8}"/g, '"$101234567"')
      .replace(/("(?:number|reference)": )"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]"/g, '$1"77GT-JQ9F-Q"')
      .replace(/("expected_delivery": )"(?!2099)[^"]+"/g, '$1"2026-01-12"')
      .replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-01-05T09:00:00Z');
};
