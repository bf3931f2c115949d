using ToolGateway.Hosting;

namespace ToolGateway.Tests.Hosting;

/// <summary>Where a reader or writer goes on: a thread that is not the pool's stands for an event loop.</summary>
public sealed class ClientConnectionTests
{
    private const int Small = 4;

    [Theory]
    [InlineData(Small, Small, true)]
    [InlineData(Small + 1, Small, false)]
    [InlineData(0, Small, true)]
    [InlineData(1, ClientConnection.Never, false)]
    [InlineData(0, ClientConnection.Never, false)]
    public async Task Read_GoesOnOnTheEventLoop_OnlyAfterLittle(int bytes, int small, bool isInline)
    {
        var socket = new Socket();
        var reading = ReadAsync(socket, small);

        OnEventLoop(() => socket.Reading.SetResult(bytes));

        Assert.Equal((bytes, isInline), await reading);
    }

    [Fact]
    public async Task Read_ThatFails_GoesOnOnThePool()
    {
        var socket = new Socket();
        var reading = FailAsync(socket);

        OnEventLoop(() => socket.Reading.SetException(new IOException("reset")));

        Assert.False(await reading);
    }

    /// <summary>A tool that sends faster than its caller is served would otherwise keep the event loop for as long as it sends.</summary>
    [Fact]
    public async Task Read_OfWhatIsThereAlready_LeavesTheEventLoop()
    {
        var socket = new Socket();
        socket.Reading.SetResult(Small);
        Task<(int, bool)>? reading = null;

        OnEventLoop(() => reading = ReadAsync(socket, Small));

        Assert.Equal((Small, false), await reading!);
    }

    /// <summary>All reads of a connection wait in the same place: one that came second would be given the first one's answer.</summary>
    [Fact]
    public async Task Read_WhileAnotherWaits_IsRefused()
    {
        var socket = new Socket();
        await using var connection = new ClientConnection(socket, Small);
        var first = connection.ReadAsync(new byte[8]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => connection.ReadAsync(new byte[8]).AsTask());

        socket.Reading.SetResult(3);
        Assert.Equal(3, await first);
    }

    [Fact]
    public async Task Read_AfterOneThatFailed_GivesItsOwnAnswer()
    {
        var socket = new Socket();
        await using var connection = new ClientConnection(socket, Small);
        var first = connection.ReadAsync(new byte[8]);
        socket.Reading.SetException(new IOException("reset"));
        await Assert.ThrowsAsync<IOException>(first.AsTask);
        socket.Reading = new();

        var second = connection.ReadAsync(new byte[8]);
        socket.Reading.SetResult(2);

        Assert.Equal(2, await second);
    }

    [Fact]
    public async Task Write_ThatHadToWait_GoesOnOnThePool()
    {
        var socket = new Socket();
        var writing = WriteAsync(socket);

        OnEventLoop(() => socket.Writing.SetResult());

        Assert.False(await writing);
    }

    [Fact]
    public async Task ReadAndLeave_GoesOnOnThePool_AlsoWhereThereIsNothingToWaitFor()
    {
        var going = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        OnEventLoop(() => ReadAtOnce(going));

        Assert.False(await going.Task);
    }

    private static async void ReadAtOnce(TaskCompletionSource<bool> going)
    {
        await EventLoop.ReadAndLeaveAsync(new MemoryStream([1]), new byte[1], CancellationToken.None).ConfigureAwait(false);
        going.SetResult(EventLoop.IsCurrent);
    }

    private static async Task<(int Read, bool IsInline)> ReadAsync(Socket socket, int small)
    {
        await using var connection = new ClientConnection(socket, small);
        return (await connection.ReadAsync(new byte[8]).ConfigureAwait(false), EventLoop.IsCurrent);
    }

    private static async Task<bool> FailAsync(Socket socket)
    {
        try
        {
            await ReadAsync(socket, Small).ConfigureAwait(false);
            throw new InvalidOperationException("it was read");
        }
        catch (IOException)
        {
            return EventLoop.IsCurrent;
        }
    }

    private static async Task<bool> WriteAsync(Socket socket)
    {
        await using var connection = new ClientConnection(socket, Small);
        await connection.WriteAsync(new byte[8]).ConfigureAwait(false);
        return EventLoop.IsCurrent;
    }

    private static void OnEventLoop(Action complete)
    {
        var thread = new Thread(() => complete());
        thread.Start();
        thread.Join();
    }

    /// <summary>A stream whose operations complete on the thread that says so, as sockets do on an event loop.</summary>
    private sealed class Socket : MemoryStream
    {
        public TaskCompletionSource<int> Reading { get; set; } = new();

        public TaskCompletionSource Writing { get; } = new();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Reading.Task);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => new(Writing.Task);
    }
}
