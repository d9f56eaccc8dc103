//! Text made from a Plan: reports, tables, launch commands, manifests and gateway configuration.
//!
//! Every export is a pure function of the Scenario, the Plan and the Catalog, so that the page and the terminal hand out
//! the same bytes. Values say in a comment which number of the Plan they come from; names that readers typed are escaped
//! for the language they end up in.

mod assumptions;
mod compose;
mod csv;
mod escape;
pub mod fleet;
mod kubernetes;
mod launch;
mod litellm;
pub mod message;
mod report;
mod semantic_router;
mod served;
pub mod snippet;
mod steps;

use crate::catalog::Catalog;
use crate::catalog::quantization::formats;
use crate::engine::Plan;
use crate::scenario::Scenario;

formats! {
    /// What to write.
    Format {
        /// vLLM launch command.
        Vllm = "vllm",
        /// SGLang launch command.
        Sglang = "sglang",
        /// TensorRT-LLM launch command and configuration file.
        TensorrtLlm = "tensorrt-llm",
        /// text-generation-inference launch command (in maintenance mode).
        Tgi = "tgi",
        /// Ollama environment and Modelfile.
        Ollama = "ollama",
        /// llama.cpp server command.
        LlamaCpp = "llama.cpp",
        /// Docker Compose file.
        Compose = "compose",
        /// Kubernetes manifests.
        Kubernetes = "kubernetes",
        /// LiteLLM proxy configuration.
        Litellm = "litellm",
        /// vLLM Semantic Router configuration.
        SemanticRouter = "semantic-router",
        /// One entry per step, for an agent runtime.
        Steps = "steps",
        /// The table of steps, which can be read back.
        StepsCsv = "steps-csv",
        /// Report for people.
        Markdown = "markdown",
        /// Every table of the Plan, one after another.
        Csv = "csv",
    }
}

/// Write a Plan in a format. Total: what the Plan does not know is left out with a comment that says so.
// Out of line, so that the page can leave it out until it is asked for.
#[inline(never)]
pub fn export(format: Format, scenario: &Scenario, plan: &Plan, catalog: &Catalog) -> String {
    let served = served::Served::of(scenario, plan, catalog);
    match format {
        Format::Vllm => launch::vllm(&served),
        Format::Sglang => launch::sglang(&served),
        Format::TensorrtLlm => launch::tensorrt_llm(&served),
        Format::Tgi => launch::tgi(&served),
        Format::Ollama => launch::ollama(&served),
        Format::LlamaCpp => launch::llama_cpp(&served),
        Format::Compose => compose::compose(&served),
        Format::Kubernetes => kubernetes::manifests(&served),
        Format::Litellm => litellm::config(scenario, &served, plan, catalog),
        Format::SemanticRouter => semantic_router::config(scenario, &served, plan, catalog),
        Format::Steps => steps::document(scenario, plan, catalog),
        Format::StepsCsv => crate::scenario::steps_csv::write(&scenario.steps),
        Format::Markdown => report::markdown(scenario, plan, catalog),
        Format::Csv => csv::tables(scenario, plan, catalog),
    }
}
