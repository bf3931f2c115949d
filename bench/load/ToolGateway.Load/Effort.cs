namespace ToolGateway.Load;

/// <summary>How much is measured.</summary>
/// <param name="WarmUp">Until the runtime has compiled the hot code for good; a server with more code needs longer.</param>
/// <param name="Duration">Of one measurement.</param>
/// <param name="Rounds">Measurements whose median counts: many short ones rather than few long ones, for what disturbs the machine comes and goes within seconds.</param>
/// <param name="Connections">Numbers of them, each measured.</param>
/// <param name="Idle">Connections that are open and silent.</param>
/// <param name="Sizes">Of what is configured, for <see cref="ToolGateway.Load.Growth"/>.</param>
/// <param name="Bodies">Bytes of bodies, for <see cref="ToolGateway.Load.Growth"/>.</param>
internal sealed record Effort(TimeSpan WarmUp, TimeSpan Duration, int Rounds, int[] Connections, int Idle, int[] Sizes, int[] Bodies)
{
    public static Effort Whole { get; } = new(
        TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(1), 27, [1, 16, 64, 256], 1_000, [10, 1_000, 100_000], [0, 1_000, 10_000, 100_000, 1_000_000]);

    public static Effort Quick { get; } = Whole with { WarmUp = TimeSpan.FromSeconds(5), Duration = TimeSpan.FromSeconds(0.8), Rounds = 7, Connections = [1, 16] };

    /// <summary>For <see cref="ToolGateway.Load.Growth"/>, which compares sizes within one process and has many of them.</summary>
    public static Effort Growth { get; } = Whole with { WarmUp = TimeSpan.FromSeconds(1), Duration = TimeSpan.FromSeconds(2), Rounds = 5, Connections = [1, 16, 128, 512, 2_000] };

    /// <summary>Shows that everything works; its figures mean nothing.</summary>
    public static Effort Trial { get; } = new(TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(0.1), 1, [1, 16], 20, [10], [0, 1_000]);
}
