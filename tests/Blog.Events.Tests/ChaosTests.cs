using Blog.Chaos;

namespace Blog.Events.Tests;

public sealed class ChaosTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Through_random_faults_each_command_has_its_effect_once_and_in_order()
    {
        await using var run = new ChaosRun(seed: 7, commands: 400, keys: 20, output.WriteLine);

        var result = await run.RunAsync(TestContext.Current.CancellationToken);

        result.Problems.ShouldBeEmpty();
        result.Faults.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void The_same_seed_gives_the_same_faults()
    {
        Fault.Schedule(42, 10_000, 2).ShouldBe(Fault.Schedule(42, 10_000, 2));
        Fault.Schedule(42, 10_000, 2).ShouldNotBe(Fault.Schedule(43, 10_000, 2));
        Fault.Schedule(42, 10_000, 2).Select(fault => fault.Kind).Distinct().Count().ShouldBe(Enum.GetValues<FaultKind>().Length);
    }
}
