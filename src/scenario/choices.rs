//! Ids that scenarios choose from.

use crate::catalog::quantization::formats;

formats! {
    /// Serving engine.
    EngineKind {
        /// vLLM.
        Vllm = "vllm",
        /// SGLang.
        Sglang = "sglang",
        /// NVIDIA TensorRT-LLM.
        TensorrtLlm = "tensorrt-llm",
        /// Hugging Face text-generation-inference.
        Tgi = "tgi",
        /// llama.cpp server.
        LlamaCpp = "llama.cpp",
        /// Ollama.
        Ollama = "ollama",
    }
}

formats! {
    /// How accelerators are paid for.
    Acquisition {
        /// Rented by the hour.
        OnDemand = "on_demand",
        /// Rented for a year.
        Reserved1y = "reserved_1y",
        /// Rented for three years.
        Reserved3y = "reserved_3y",
        /// Rented while nobody pays more.
        Spot = "spot",
        /// Bought.
        Owned = "owned",
    }
}

formats! {
    /// The least quality a step needs.
    QualityTier {
        /// Any model will do.
        Any = "any",
        /// As good as the self-hosted model.
        Nearest = "nearest",
        /// Only a frontier model.
        Frontier = "frontier",
    }
}

formats! {
    /// Where a step is served.
    Place {
        /// Wherever it costs least under the requirements.
        Auto = "auto",
        /// On a managed API.
        Api = "api",
        /// On the self-hosted fleet.
        SelfHosted = "self_hosted",
    }
}
