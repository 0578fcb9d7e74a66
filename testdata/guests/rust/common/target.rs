//! What the request target asks for: a path and the query's parameters.

pub struct Target {
    pub path: String,
    parameters: Vec<(String, String)>,
}

impl Target {
    /// Splits a path with its query. Parameters are percent-decoded, and "+" is a space.
    pub fn parse(path_with_query: &str) -> Self {
        let (path, query) = path_with_query
            .split_once('?')
            .unwrap_or((path_with_query, ""));
        Self {
            path: path.to_owned(),
            parameters: form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        }
    }

    /// The parameter's text, empty if the query lacks it.
    pub fn text(&self, name: &str) -> &str {
        self.parameters
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    }

    /// The parameter as a number, 0 if the query lacks it or it is none.
    pub fn number(&self, name: &str) -> u64 {
        self.text(name).parse().unwrap_or(0)
    }
}
