//! What price lists call the providers that the catalog knows.

/// A provider: the beginning of its ids in the catalog, its name for people, and its names in the two lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provider {
    /// Beginning of its ids.
    pub id: &'static str,
    /// Name for people, as the catalog's rows have it.
    pub name: &'static str,
    /// `litellm_provider` (LiteLLM 1.109.1, 2026-11).
    pub litellm: &'static [&'static str],
    /// Provider id of genai-prices (2026-08-21).
    pub genai: &'static str,
}

const fn provider(
    id: &'static str,
    name: &'static str,
    litellm: &'static [&'static str],
    genai: &'static str,
) -> Provider {
    Provider { id, name, litellm, genai }
}

/// Providers whose prices are taken. Resellers of resellers (OpenRouter) are not: their rows are a floor over hosts.
pub const PROVIDERS: &[Provider] = &[
    provider("openai", "OpenAI", &["openai"], "openai"),
    provider("anthropic", "Anthropic", &["anthropic"], "anthropic"),
    provider("google", "Google", &["gemini"], "google"),
    provider("xai", "xAI", &["xai"], "x-ai"),
    provider("mistral", "Mistral", &["mistral"], "mistral"),
    provider("deepseek", "DeepSeek", &["deepseek"], "deepseek"),
    provider("cohere", "Cohere", &["cohere_chat", "cohere"], "cohere"),
    provider("groq", "Groq", &["groq"], "groq"),
    provider("together", "Together AI", &["together_ai"], "together"),
    provider("cerebras", "Cerebras", &["cerebras"], "cerebras"),
    provider("deepinfra", "DeepInfra", &["deepinfra"], "deepinfra"),
    provider("novita", "Novita", &["novita"], "novita"),
    provider("nebius", "Nebius", &["nebius"], "nebius"),
    provider("fireworks", "Fireworks AI", &["fireworks_ai"], "fireworks"),
    provider("sambanova", "SambaNova", &["sambanova"], "sambanova"),
    provider("moonshot", "Moonshot AI", &["moonshot"], "moonshotai"),
];

/// The provider of a `litellm_provider`.
pub fn of_litellm(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|p| p.litellm.contains(&name))
}

/// The provider of a genai-prices id.
pub fn of_genai(id: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|p| p.genai == id)
}

/// The provider whose ids begin so.
pub fn of_id(id: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|p| p.id == id)
}
