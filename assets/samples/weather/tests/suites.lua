return { "json", "request", "sky", "forecast", "units", "cache", "retry", "places", "main", "locales" }
