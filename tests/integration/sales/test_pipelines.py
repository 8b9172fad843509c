from tests.factories import sales as make


def test_a_pipeline_keeps_its_stages_in_order_and_gives_them_ids(sales, pipeline):
    shown = sales.ask("get_pipeline", pipeline["id"]).body

    assert [stage["name"] for stage in shown["stages"]] == ["Contacto", "Propuesta", "Cierre"]
    assert shown == pipeline
    assert len({stage["id"] for stage in shown["stages"]}) == 3


def test_only_one_pipeline_is_the_default(sales, pipeline):
    other = sales.ask("create_pipeline", data=make.pipeline_data()).body

    assert other["is_default"]
    assert not sales.ask("get_pipeline", pipeline["id"]).body["is_default"]
    refusal = sales.refused("update_pipeline", other["id"], data={"is_default": False}, version=other["version"])
    assert refusal.slug == "default-pipeline-stays"


def test_a_stage_in_which_opportunities_are_cannot_be_taken_away(sales, pipeline, deal):
    rest = pipeline["stages"][1:]

    refusal = sales.refused("update_pipeline", pipeline["id"], data={"stages": rest}, version=1)
    assert (refusal.slug, refusal.params["count"]) == ("stage-is-in-use", 1)
    kept = sales.ask("update_pipeline", pipeline["id"], data={"stages": pipeline["stages"][:2]}, version=1).body
    assert [stage["id"] for stage in kept["stages"]] == [stage["id"] for stage in pipeline["stages"][:2]]


def test_stages_have_names_of_their_own_and_there_is_at_least_one(sales):
    twice = [make.STAGES[0], make.STAGES[0]]

    for stages in ([], twice):
        refusal = sales.refused("create_pipeline", data=make.pipeline_data(stages=stages))
        assert refusal.slug == "stages-are-wrong"


def test_a_pipeline_goes_only_while_nothing_uses_it(sales, pipeline, deal):
    spare = sales.ask("create_pipeline", data=make.pipeline_data(is_default=False)).body
    sales.ask("create_opportunity", data=make.opportunity_data(pipeline_id=spare["id"]))

    assert sales.refused("delete_pipeline", pipeline["id"]).slug == "default-pipeline-stays"
    assert sales.refused("delete_pipeline", spare["id"]).slug == "pipeline-is-in-use"


def test_a_pipeline_that_is_switched_off_takes_nothing_new(sales, pipeline):
    off = sales.ask("create_pipeline", data=make.pipeline_data(is_default=False, active=False)).body

    refusal = sales.refused("create_opportunity", data=make.opportunity_data(pipeline_id=off["id"]))

    assert refusal.slug == "pipeline-is-switched-off"


def test_without_a_default_pipeline_an_opportunity_names_one(sales):
    assert sales.refused("create_opportunity", data=make.opportunity_data()).slug == "no-default-pipeline"


def test_a_reason_is_in_the_catalogue_once_for_each_ending(sales, price):
    assert sales.refused("create_close_reason", data=make.reason_data()).slug == "close-reason-is-taken"
    assert sales.ask("create_close_reason", data=make.reason_data(ending="lead")).body["slug"] == "price"
