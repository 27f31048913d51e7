"""BERT built by hand against the library's, and what it says to unfit inputs."""

import copy

import pytest
import torch
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    DistilBertConfig,
    DistilBertModel,
    RobertaConfig,
    RobertaModel,
)

from course_utils import BertEncoderModel, build_from, load_bert
from course_utils.bert import NAMES, our_name

TEXT, OTHER = "A gem of a movie.", "Horrible, just plain boring from start to end."
CASES = {
    "one text": ([TEXT], None),
    "one token": ([""], None),
    "pair": ([TEXT], [OTHER]),
    "padded batch": ([TEXT, OTHER, ""], None),
    "padded pairs": ([TEXT, "No."], [OTHER, TEXT]),
    "512 tokens": (["good movie " * 400], None),
    "512 tokens beside 8": (["good movie " * 400, TEXT], None),
}


@pytest.fixture(autouse=True)
def no_gradients():
    with torch.no_grad():
        yield


@pytest.fixture(scope="module", params=["the course's", "random, base shape"])
def models(request, base_shaped_folder):
    """(tokenizer, the library's model, ours)."""
    folder = None if request.param == "the course's" else base_shaped_folder
    tokenizer, library = load_bert(folder, attn_implementation="eager")
    return tokenizer, library, build_from(library)


@pytest.fixture(scope="module")
def tiny_config():
    return BertConfig(
        vocab_size=50,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=32,
        max_position_embeddings=10,
    )


@pytest.fixture(scope="module")
def tiny(tiny_config):
    torch.manual_seed(0)
    return BertEncoderModel(tiny_config).eval()


def assert_equal(ours, library, mask=None):
    """The same at every token; at padding, which nothing reads, rounding may grow.

    transformers 4.57 rounds attention otherwise than 5.x: 1e-6 after the first layer.
    """
    hidden, pooled = ours
    for a, b in zip(hidden, library.hidden_states, strict=True):
        torch.testing.assert_close(a, b, atol=1e-3, rtol=0)
        token = torch.ones(a.shape[:2]).bool() if mask is None else mask.bool()
        torch.testing.assert_close(a[token], b[token], atol=1e-5, rtol=0)
    torch.testing.assert_close(pooled, library.pooler_output, atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", CASES)
def test_every_hidden_state_and_the_pooler_equal_the_librarys(models, name):
    tokenizer, library, ours = models
    options = {"padding": True, "truncation": True, "max_length": 512}
    batch = tokenizer(*CASES[name], **options, return_tensors="pt")
    hidden, pooled = ours(**batch)
    assert len(hidden) == library.config.num_hidden_layers + 1
    theirs = library(**batch, output_hidden_states=True)
    assert_equal((hidden, pooled), theirs, batch["attention_mask"])


def test_equal_to_the_default_attention_as_well(bert):
    tokenizer, library = bert
    assert library.config._attn_implementation == "sdpa"
    batch = tokenizer([TEXT, OTHER], padding=True, return_tensors="pt")
    ours, theirs = (
        build_from(library)(**batch),
        library(**batch, output_hidden_states=True),
    )
    for a, b in zip(ours[0], theirs.hidden_states, strict=True):
        torch.testing.assert_close(a, b, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(ours[1], theirs.pooler_output, atol=1e-5, rtol=0)


def test_with_a_causal_mask_it_is_the_librarys_decoder(tiny_config):
    torch.manual_seed(1)
    library = BertModel(tiny_config).eval()
    settings = {**tiny_config.to_dict(), "is_decoder": True, "use_cache": False}
    decoder = BertModel(BertConfig(**settings)).eval()
    decoder.load_state_dict(library.state_dict())
    ids = torch.randint(50, (2, 7))
    causal = torch.ones(2, 7, 7).tril()
    ours = build_from(library)(ids, attention_mask=causal)
    assert_equal(ours, decoder(ids, output_hidden_states=True))


def test_masked_padding_changes_nothing(models):
    tokenizer, _, ours = models
    alone = tokenizer(TEXT, return_tensors="pt")
    n = alone["input_ids"].shape[1]
    padded = tokenizer(TEXT, padding="max_length", max_length=40, return_tensors="pt")
    short, long = ours(**alone)[0][-1], ours(**padded)[0][-1][:, :n]
    torch.testing.assert_close(long, short, atol=1e-5, rtol=0)


def test_masks_of_bool_int_and_float_and_none_are_alike(tiny):
    ids = torch.randint(50, (2, 5))
    expected = tiny(ids)[1]
    for kind in (torch.bool, torch.int64, torch.float32):
        assert torch.equal(tiny(ids, None, torch.ones(2, 5, dtype=kind))[1], expected)


def test_names_cover_the_library_and_weights_are_shared(models):
    _, library, ours = models
    names = [our_name(name) for name in library.state_dict()]
    assert sorted(names) == sorted(ours.state_dict())
    assert our_name("encoder.layer.11.output.dense.bias") == "layers.11.narrow.bias"
    first = library.embeddings.word_embeddings.weight
    assert ours.embeddings.token.weight.data_ptr() == first.data_ptr()
    assert len(set(NAMES.values())) == len(NAMES)
    assert not ours.training


def test_gradients_reach_every_weight_but_the_poolers(tiny_config):
    with torch.enable_grad():
        model = BertEncoderModel(tiny_config)
        model(torch.randint(50, (2, 7)))[0][-1].square().sum().backward()
    without = {n for n, p in model.named_parameters() if p.grad is None}
    assert without == {"pooler.weight", "pooler.bias"}


# --- what goes wrong -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ([[1, 2]], TypeError, r"input_ids is a list, expected a tensor.*torch.tensor"),
        ("a text", TypeError, "input_ids is a str"),
        (None, TypeError, "input_ids is a NoneType"),
        (torch.rand(1, 4), TypeError, r"input_ids has dtype torch.float32.*\.long"),
        (torch.ones(1, 4).bool(), TypeError, "input_ids has dtype torch.bool"),
        (torch.tensor([1, 2]), ValueError, r"shape \(2,\).*input_ids.unsqueeze\(0\)"),
        (torch.ones(1, 2, 3).long(), ValueError, r"shape \(1, 2, 3\), expected \(B, T"),
        (torch.ones(0, 3).long(), ValueError, r"shape \(0, 3\)"),
        (torch.ones(1, 0).long(), ValueError, r"shape \(1, 0\)"),
        (
            torch.ones(1, 11).long(),
            ValueError,
            r"T = 11.*only 10 positions.*truncation",
        ),
        (torch.tensor([[1, 50]]), ValueError, "input_ids holds 50, expected 0 to 49"),
        (torch.tensor([[-1, 5]]), ValueError, "input_ids holds -1.*another tokenizer"),
    ],
)
def test_unfit_ids_are_explained(tiny, wrong, error, message):
    with pytest.raises(error, match=message):
        tiny(wrong)


IDS = torch.ones(2, 4).long()


@pytest.mark.parametrize(
    ("name", "wrong", "error", "message"),
    [
        ("attention_mask", [1] * 4, TypeError, "attention_mask is a list"),
        ("attention_mask", torch.ones(4), ValueError, r"shape \(4,\).*\(2, 4\) or \(2"),
        ("attention_mask", torch.ones(2, 5), ValueError, r"has shape \(2, 5\)"),
        ("attention_mask", torch.ones(4, 2), ValueError, r"has shape \(4, 2\)"),
        ("attention_mask", torch.ones(2, 1, 4), ValueError, r"\(2, 1, 4\)"),
        ("attention_mask", torch.full((2, 4), 7), ValueError, r"1 \(text\) and 0"),
        (
            "attention_mask",
            torch.full((2, 4), -torch.inf),
            ValueError,
            "mask of scores",
        ),
        ("attention_mask", torch.full((2, 4), torch.nan), ValueError, "other values"),
        ("token_type_ids", [0] * 4, TypeError, "token_type_ids is a list"),
        ("token_type_ids", torch.zeros(2, 4), TypeError, "has dtype torch.float32"),
        ("token_type_ids", IDS[:, :3], ValueError, r"has shape \(2, 3\), expected"),
        ("token_type_ids", IDS + 1, ValueError, "holds 2, expected 0 to 1.*two texts"),
    ],
)
def test_unfit_masks_and_segments_are_explained(tiny, name, wrong, error, message):
    with pytest.raises(error, match=message):
        tiny(IDS, **{name: wrong})


def test_heads_must_divide_the_hidden_size():
    with pytest.raises(ValueError, match="5 heads do not divide hidden size 16"):
        BertEncoderModel(
            BertConfig(hidden_size=16, num_attention_heads=5, vocab_size=9)
        )


def test_other_models_are_refused(tiny_config):
    with torch.device("meta"):
        others = {
            "RobertaModel": RobertaModel(RobertaConfig()),
            "DistilBertModel": DistilBertModel(DistilBertConfig()),
            "BertForSequenceClassification": BertForSequenceClassification(tiny_config),
            "Linear": torch.nn.Linear(2, 2),
        }
    for name, model in others.items():
        with pytest.raises(TypeError, match=f"expected a BertModel, got {name}"):
            build_from(model)
    with pytest.raises(TypeError, match="got str"):
        build_from("bert-base-uncased")


def test_other_berts_are_refused(tiny_config):
    for change in ({"hidden_act": "relu"}, {"is_decoder": True}):
        config = copy.deepcopy(tiny_config)
        for name, value in change.items():
            setattr(config, name, value)
        with pytest.raises(ValueError, match="encoder with 'gelu'"):
            build_from(BertModel(config))
    with pytest.raises(ValueError, match="no pooler"):
        build_from(BertModel(tiny_config, add_pooling_layer=False))
